import { defineConfig } from 'vitest/config';

/** The package as people install it: `npm run test:package`. What is in it, `npm test` looks at too. */
export default defineConfig({
  test: {
    include: ['test/package/*.package.ts'],
    globalSetup: ['test/package/pack.ts'],
    reporters: ['verbose'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
