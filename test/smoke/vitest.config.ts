import { defineConfig } from 'vitest/config';

/** Checks a deployed relay: `npm run smoke:aws`. */
export default defineConfig({
  test: {
    include: ['test/smoke/*.smoke.ts'],
    globalSetup: ['test/smoke/ask-for-outputs.ts'],
    reporters: ['verbose'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
