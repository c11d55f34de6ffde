import { readFile } from 'node:fs/promises';
import type { outputNames } from '../lambdas/contract.ts';
import { UsageError } from './usage-error.ts';

export type OutputName = (typeof outputNames)[keyof typeof outputNames];

/**
 * Reads what `cdk deploy --outputs-file` wrote: the outputs of the one stack in it that is a relay.
 *
 * @param needed outputs that this stack must have
 * @throws UsageError saying what is wrong with the file and how to write a new one
 */
export async function readStackOutputs<Name extends OutputName>(
  file: string,
  needed: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const stacks = Object.entries(parse(file, await read(file)));
  const relays = stacks.filter(([, outputs]) => needed.every((name) => typeof outputs?.[name] === 'string'));
  const [relay, another] = relays;
  if (!relay) {
    throw new UsageError(
      `${file} has no stack with the outputs ${needed.join(', ')}: deploy this version with \`npx cdk deploy --outputs-file ${file}\`.`,
    );
  }
  if (another) {
    const names = relays.map(([name]) => name).join(', ');
    throw new UsageError(`${file} has several relays (${names}): leave only the stack in it that is meant.`);
  }
  return relay[1] as Record<Name, string>;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new UsageError(`${file} cannot be read: write it with \`npx cdk deploy --outputs-file ${file}\`.`);
  }
}

function parse(file: string, text: string): Record<string, Partial<Record<OutputName, unknown>> | null> {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new UsageError(`${file} is no JSON: write it anew with \`npx cdk deploy --outputs-file ${file}\`.`);
  }
}
