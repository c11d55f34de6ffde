import { reveal } from '../local/cli/client.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());

process.exitCode = await reveal({
  given: process.argv.slice(2),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  // Loaded only to sign: it takes longer than most requests.
  credentials: async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider()(),
  interrupted: interruption.signal,
});
