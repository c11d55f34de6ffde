import { readStackOutputs } from '../../cli/stack-outputs.ts';
import { outputNames } from '../../lambdas/contract.ts';

const { stateMachine, revealsTable, eventBus, api, deadLetters, sweepSchedule } = outputNames;
/** What the checks have to know of the relay. */
export const neededOutputs = [stateMachine, revealsTable, eventBus, api, deadLetters, sweepSchedule] as const;

/** Ends the run before it begins if nobody has said which relay is meant: one line, and no stack. */
export default async function askForOutputs(): Promise<void> {
  const { RELAY_OUTPUTS: file } = process.env;
  const problem = file
    ? await readStackOutputs(file, neededOutputs).then(() => undefined, String)
    : 'Set RELAY_OUTPUTS to the file that `npx cdk deploy --outputs-file outputs.json` has written, and log in to AWS (AWS_PROFILE).';
  if (problem === undefined) return;
  process.stderr.write(`${problem.replace(/^UsageError: /, '')}\n`);
  process.exit(2);
}
