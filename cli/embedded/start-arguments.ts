import { parseArgs } from 'node:util';
import { type FindKind, findKinds } from '../../lambdas/contract.ts';
import { isScenario, type ScenarioName, scenarios } from '../../local/fiber/index.ts';
import { isRevealId } from '../reveal-id.ts';
import { UsageError } from '../usage-error.ts';
import { chooseVendor, type VendorChoice } from '../vendor-choice.ts';
import { readSpeed } from './given-speed.ts';
import { priceList, readFind } from './looked-for.ts';

/** What `npm start` was asked to do. */
export type StartArguments =
  | { readonly help: true }
  | {
      readonly help: false;
      readonly vendor: VendorChoice;
      /** Whom or what to reveal. */
      readonly subject: Subject;
      /** @default chosen to fit the scenario, 1 for a server that is there already */
      readonly speed: number | undefined;
      readonly json: boolean;
      /** Whether a start may be paid for without asking. */
      readonly yes: boolean;
    };

export type Subject =
  /** A person, whose task the relay starts. */
  | {
      readonly kind: 'profile';
      /** As it was typed: the relay says what is no profile. */
      readonly linkedinUrl: string;
      /** @default everything */
      readonly find: readonly FindKind[] | undefined;
    }
  /** A task that has been started already. */
  | {
      readonly kind: 'task';
      readonly taskId: string;
      /** What the stand-in plays. @default what the id names, else an ordinary reveal */
      readonly scenario: ScenarioName | undefined;
    };

export const startUsage = `Usage: npm start -- [options]

Runs one reveal through the whole relay on this machine, from a profile to a stored contact and an event, and shows them.

  --profile URL     whose contact data to reveal; the relay starts the task, which costs credits at the real vendor
                    (default with the stand-in: https://www.linkedin.com/in/completed-1)
  --find KINDS      what to look for: ${findKinds.join(', ')} (default: all)
  --yes             start without asking; needed with a real vendor where there is no terminal
  --task-id ID      a task that has been started already, in place of a profile
  --scenario NAME   what the stand-in vendor plays, see below; a profile's slug says the same, such as …/in/slow-1
  --speed N         divide every wait by N, at least 1 (default: fits the scenario; 1 with a real vendor)
  --json            print one JSON object, and the progress to stderr
  --help            print this

  FIBER_API_KEY     ask the real Fiber AI with this key
  FIBER_BASE_URL    ask this address in its place: https, with a path or without, or http on this machine

Without these two it asks a stand-in, which costs nothing. Credits of a start, by list price: ${priceList}.
The relay of this command forgets everything when it ends, so that the same profile again is paid for again: \`npm run local\` keeps what it has found.

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
  const { json = false, yes = false } = options;
  const subject = readSubject(options, vendor, environment);
  return { help: false, vendor, subject, speed: readSpeed(options.speed, vendor), json, yes };
}

function readSubject(
  { profile, find, 'task-id': taskId, scenario }: ReturnType<typeof parse>,
  vendor: VendorChoice,
  environment: Readonly<Record<string, string | undefined>>,
): Subject {
  if (taskId !== undefined && !isRevealId(taskId)) {
    throw new UsageError(
      '--task-id is no id of a task: ids hold letters, digits and . _ : ~ = + - and start with a letter or a digit.',
    );
  }
  if (profile?.trim() === '') throw new UsageError('--profile is empty: give the address of a LinkedIn profile.');
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
    if (taskId === undefined && profile === undefined) {
      throw new UsageError(
        `${because} is set, so say whom to reveal: --profile URL, which costs credits, or --task-id ID for a task that is paid for.`,
      );
    }
  }
  if (taskId !== undefined) {
    if (profile !== undefined)
      throw new UsageError('--profile starts a task, and --task-id names one: give one of them.');
    if (find !== undefined)
      throw new UsageError('--find is for --profile: what a task looks for was said at its start.');
    return { kind: 'task', taskId, scenario };
  }
  if (profile !== undefined && scenario !== undefined) {
    throw new UsageError(`--scenario stands for a profile: leave it out, or give a slug such as ${scenario}-1.`);
  }
  const linkedinUrl = profile ?? `https://www.linkedin.com/in/${scenario ?? 'completed'}-1`;
  return { kind: 'profile', linkedinUrl, find: readFind(find) };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        profile: { type: 'string' },
        find: { type: 'string' },
        yes: { type: 'boolean' },
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
