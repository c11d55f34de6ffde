import { type ClientContext, reveal } from '../cli/client/client.ts';
import { ownContext } from '../cli/command-context.ts';

const context = ownContext();
const [name, ...rest] = context.given;
// Loaded only to sign: it takes longer than most requests.
const credentials = async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider()();
const clientContext: ClientContext = { ...context, stdin: process.stdin, credentials };

if (name === 'doctor') {
  const { doctor } = await import('../cli/doctor/doctor.ts');
  process.exitCode = await doctor({ ...context, given: rest });
} else if (name === 'csv') {
  const [{ csv }, { ownCsvContext }] = await Promise.all([
    import('../cli/csv/csv.ts'),
    import('../cli/csv/own-csv-context.ts'),
  ]);
  process.exitCode = await csv(ownCsvContext({ ...clientContext, given: rest }));
} else {
  process.exitCode = await reveal(clientContext);
}
