import { reveal } from '../cli/client/client.ts';
import { ownContext } from '../cli/command-context.ts';

const context = ownContext();
const [name, ...rest] = context.given;

if (name === 'doctor') {
  const { doctor } = await import('../cli/doctor/doctor.ts');
  process.exitCode = await doctor({ ...context, given: rest });
} else {
  process.exitCode = await reveal({
    ...context,
    stdin: process.stdin,
    // Loaded only to sign: it takes longer than most requests.
    credentials: async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider()(),
  });
}
