import { reveal } from '../local/cli/client.ts';
import { ownSurroundings } from '../local/cli/surroundings.ts';

process.exitCode = await reveal({
  ...ownSurroundings(),
  // Loaded only to sign: it takes longer than most requests.
  credentials: async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider()(),
});
