import { defineConfig } from 'vitest/config';

/** The same checks against the embedded relay: `npm run smoke:local`. It shows that they are right, not that AWS is. */
export default defineConfig({
  test: {
    include: ['test/smoke/*.smoke.ts'],
    globalSetup: ['test/support/synthesise-once.ts', 'test/smoke/embedded-relay.ts'],
    reporters: ['verbose'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
