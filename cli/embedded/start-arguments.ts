import { parseArgs } from 'node:util';
import { isScenario, type ScenarioName, scenarios } from '../../local/fiber/index.ts';
import { UsageError } from '../usage-error.ts';
import { chooseVendor, readSpeed, type VendorChoice } from './vendor-choice.ts';

/** What `npm start` was asked to do. */
export type StartArguments =
  | { readonly help: true }
  | {
      readonly help: false;
      readonly vendor: VendorChoice;
      /** Always there when the vendor is not the stand-in. */
      readonly taskId: string | undefined;
      readonly scenario: ScenarioName | undefined;
      /** @default chosen to fit the scenario, 1 for a server that is there already */
      readonly speed: number | undefined;
      readonly json: boolean;
    };

export const startUsage = `Usage: npm start -- [options]

Runs one reveal through the whole relay on this machine and shows what was stored and what was published.

  --task-id ID      the task to reveal; needed with FIBER_API_KEY or FIBER_BASE_URL
  --scenario NAME   what the stand-in vendor plays, see below (default: completed)
  --speed N         divide every wait by N, at least 1 (default: fits the scenario; 1 with a real vendor)
  --json            print one JSON object, and the progress to stderr
  --help            print this

  FIBER_API_KEY     ask the real Fiber AI with this key
  FIBER_BASE_URL    ask this address in its place: https, with a path or without, or http on this machine

Exit codes: 0 revealed, also when there was nothing to find; 1 not revealed, 2 wrong usage.

Scenarios:
${scenarios.map(({ name, description }) => `  ${name.padEnd(22)} ${description}`).join('\n')}
`;

/**
 * Reads the command line of `npm start`.
 *
 * @param given the arguments after the program's own name
 * @throws UsageError saying what is wrong and what to give instead
 */
export function readStartArguments(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartArguments {
  const options = parse(given);
  if (options.help) return { help: true };
  const vendor = chooseVendor(environment);
  const { 'task-id': taskId, scenario, json = false } = options;
  if (taskId !== undefined && taskId.trim() === '') throw new UsageError('--task-id is empty: give the id of a task.');
  if (scenario !== undefined && !isScenario(scenario)) {
    const names = scenarios.map(({ name }) => name).join(', ');
    throw new UsageError(`There is no scenario ${JSON.stringify(scenario)}. There is: ${names}.`);
  }
  if (vendor.kind === 'address') {
    const because = environment.FIBER_API_KEY ? 'FIBER_API_KEY' : 'FIBER_BASE_URL';
    if (scenario !== undefined) {
      throw new UsageError(
        `--scenario is for the stand-in, and ${because} asks ${vendor.baseUrl}: leave one of them out.`,
      );
    }
    if (taskId === undefined) {
      throw new UsageError(
        `${because} is set, so give the task to reveal with --task-id: the relay starts none by itself.`,
      );
    }
  }
  return { help: false, vendor, taskId, scenario, speed: readSpeed(options.speed, vendor), json };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        'task-id': { type: 'string' },
        scenario: { type: 'string' },
        speed: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
