import { defineConfig } from 'vitest/config';

/** The long version of test/restart/restart.test.ts. */
export default defineConfig({
  test: {
    include: ['test/restart/*.restart.ts'],
    globalSetup: ['test/support/synthesise-once.ts'],
  },
});
