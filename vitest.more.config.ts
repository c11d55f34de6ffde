import { mergeConfig } from 'vitest/config';
import usual from './vitest.config.ts';

/** The suite with all rows and long runs: `npm run test:more`. See test/support/more.ts. */
export default mergeConfig(usual, { test: { env: { TEST_MORE: 'yes' }, testTimeout: 1_200_000 } });
