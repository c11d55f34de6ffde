import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outputNames } from '../../lambdas/contract.ts';
import { lockOwner } from '../../local/data/folder-lock.ts';
import { place } from '../../local/template/local-names.ts';
import { jsonObject } from '../json-object.ts';
import { UsageError } from '../usage-error.ts';

/** Beside the outputs of the stack: where the relay on this machine answers what is sent to AWS. */
export const awsOutput = 'AwsEndpointUrl';

export const outputsFile = (folder: string) => join(folder, 'outputs.json');

type Outputs = Readonly<Record<string, unknown>>;

/** Where to reach a relay on this machine, and by which names. */
export function addressLines(outputs: Outputs, folder: string): string[] {
  const { stateMachine, eventBus, revealsTable } = outputNames;
  return [
    `AWS answers at ${outputs[awsOutput]}`,
    '  DynamoDB, Step Functions, EventBridge, SQS, Secrets Manager',
    ...[stateMachine, eventBus, revealsTable].map((name) => `  ${name} ${outputs[name]}`),
    `  all of them in ${outputsFile(folder)}`,
  ];
}

/**
 * What a shell needs for the AWS CLI, or a program with an SDK, to ask the relay on this machine. Nobody checks the credentials.
 */
export function shellLines(outputs: Outputs): string[] {
  return [
    `export AWS_ENDPOINT_URL=${outputs[awsOutput]} AWS_REGION=${place.region}`,
    'export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local',
  ];
}

/**
 * The outputs of the relay that runs on this folder.
 *
 * @throws UsageError when none does
 */
export async function runningOutputs(folder: string): Promise<Outputs> {
  const owner = await lockOwner(folder, 'tables');
  const text = owner === undefined ? '' : await readFile(outputsFile(folder), 'utf8').catch(() => '');
  const [outputs] = Object.values(jsonObject(text) ?? {});
  if (typeof outputs === 'object' && outputs !== null && awsOutput in outputs) return outputs as Outputs;
  throw new UsageError(`No relay runs on ${folder}: start it with npm run local, or say with --data where it is.`);
}
