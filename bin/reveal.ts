import { reveal } from '../cli/client/client.ts';
import { ownContext } from '../cli/command-context.ts';

process.exitCode = await reveal({
  ...ownContext(),
  // Loaded only to sign: it takes longer than most requests.
  credentials: async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider()(),
});
