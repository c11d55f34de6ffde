import { reveal } from '../cli/client/client.ts';
import { ownSurroundings } from '../cli/surroundings.ts';

process.exitCode = await reveal({
  ...ownSurroundings(),
  // Loaded only to sign: it takes longer than most requests.
  credentials: async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider()(),
});
