import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/synthesise-once.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The usual second is short where two test files share two cores with servers of their own.
    expect: { poll: { interval: 5, timeout: 20_000 } },
    // Much of the time a test waits for servers of its own: one worker per core, not one less.
    maxWorkers: '100%',
  },
});
