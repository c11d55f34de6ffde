/** `npm run local` with what was synthesised for all tests: what test/support/local-relay.ts starts. */

import { serve } from '../../cli/embedded/serve.ts';
import { testAssembly } from './assembly.ts';

const interruption = new AbortController();
process.once('SIGTERM', () => interruption.abort());

process.exitCode = await serve({
  given: process.argv.slice(2),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  assembly: await testAssembly(),
  interrupted: interruption.signal,
});
