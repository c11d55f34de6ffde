import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Handlers that are called in the tests' own process keep clients and settings in their modules, as on Lambda. */
const handlersInProcess = ['test/{handlers,http,aws,usecases,runtime}/**/*.test.ts'];

export default defineConfig({
  // Examples import what a user of the package would, as tsconfig.json has it too.
  resolve: { alias: { 'reveal-relay/client': fileURLToPath(new URL('lib/client/index.ts', import.meta.url)) } },
  test: {
    globalSetup: ['test/support/synthesise-once.ts'],
    // For a test that hangs. Alone, none takes a thirtieth of it, so that no load makes one fail.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // The usual second is short where two test files share two cores with servers of their own.
    expect: { poll: { interval: 5, timeout: 120_000 } },
    // Much of the time a test waits for servers of its own: one worker per core, not one less.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'handlers', include: handlersInProcess } },
      // No other test keeps anything in a module: they may share a process, and what it has loaded.
      {
        extends: true,
        test: {
          name: 'all else',
          include: ['test/**/*.test.ts'],
          exclude: handlersInProcess,
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
