import { defineConfig } from 'vitest/config';

/** The whole fault matrix: `npm run test:faults`. A part of it is in `npm test`. */
export default defineConfig({
  test: {
    include: ['test/faults/*.matrix.ts'],
    globalSetup: ['test/support/synthesise-once.ts'],
    reporters: ['./test/faults/grid-reporter.ts'],
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
