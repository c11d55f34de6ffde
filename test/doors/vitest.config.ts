import { defineConfig } from 'vitest/config';

/** The long version of test/doors/batch.test.ts. */
export default defineConfig({
  test: {
    include: ['test/doors/*.doors.ts'],
    globalSetup: ['test/support/synthesise-once.ts'],
  },
});
