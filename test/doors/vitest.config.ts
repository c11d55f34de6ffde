import { defineConfig } from 'vitest/config';

/** The long versions of test/doors/batch.test.ts and test/cli/csv/killed.test.ts. */
export default defineConfig({
  test: {
    include: ['test/{doors,cli/csv}/*.doors.ts'],
    globalSetup: ['test/support/synthesise-once.ts'],
  },
});
