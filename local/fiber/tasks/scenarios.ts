import type { ChargeMethod } from '../wire.ts';
import { type BrokenAnswer, brokenAnswers, type PlannedFault } from './faults.ts';

/** What a task has to show when it ends. */
export type Ending =
  | 'found'
  | 'low-quality'
  | 'empty'
  | 'failed'
  | 'failed-not-done'
  | 'new-fields'
  | 'large'
  | 'null-lists';

export interface Scenario {
  /** One line for a list of scenarios. */
  readonly description: string;
  /** In milliseconds of relay time: drawn as for ordinary tasks, from a range, or without end. @default 'ordinary' */
  readonly duration?: 'ordinary' | 'never' | readonly [fromMs: number, toMs: number];
  /** @default 'found' */
  readonly ending?: Ending;
  /** Whether some results show before the task is done. */
  readonly partial?: true;
  /** Whether every charge carries an alert about few credits left. */
  readonly lowCredits?: true;
  /** @default `charging-later` while it runs; after that what happened: charged, or refunded where nothing was found */
  readonly charge?: { readonly running?: ChargeMethod; readonly done?: ChargeMethod };
  readonly faults?: readonly PlannedFault[];
}

const forEver = (fault: PlannedFault['fault']): readonly PlannedFault[] => [{ atPoll: 'every', fault }];
const twice = (fault: PlannedFault['fault']): readonly PlannedFault[] => [{ atPoll: 1, times: 2, fault }];
const seconds = (from: number, to: number): readonly [number, number] => [from * 1000, to * 1000];

const told = {
  completed: { description: 'an ordinary reveal that ends with e-mails and phone numbers' },
  quick: { description: 'done within seconds', duration: seconds(2, 6), charge: { done: 'charged-now' } },
  slow: {
    description: 'takes nearly 8 minutes',
    duration: seconds(450, 479),
    charge: { running: 'charged-for-async-process' },
  },
  partial: { description: 'shows some results before it is done', duration: seconds(60, 150), partial: true },
  'low-quality': {
    description: 'finds only e-mails that failed validation',
    ending: 'low-quality',
    charge: { done: 'free' },
  },
  empty: { description: 'ends with nothing found and the credits refunded', ending: 'empty' },
  failed: { description: 'ends with status failed, an error, and done', ending: 'failed' },
  'failed-not-done': {
    description: 'ends with status failed and an error while done stays false',
    ending: 'failed-not-done',
  },
  never: { description: 'never done', duration: 'never' },
  'new-fields': { description: 'fields and enum values that the contract does not have', ending: 'new-fields' },
  'low-credits': { description: 'every charge warns that few credits are left', lowCredits: true },
  large: { description: 'a result of 1 MB that compresses to no less than half of it', ending: 'large' },
  'null-lists': { description: 'null wherever the contract allows null', ending: 'null-lists' },
  'error-400': { description: 'status 400 for ever', faults: forEver('status-400') },
  'error-401': { description: 'status 401 for ever', faults: forEver('status-401') },
  'error-402': { description: 'status 402 with an out-of-credits alert for ever', faults: forEver('status-402') },
  'error-403': { description: 'status 403 for ever', faults: forEver('status-403') },
  'error-404': { description: 'status 404 for ever', faults: forEver('status-404') },
  'error-422': { description: 'status 422 for ever', faults: forEver('status-422') },
  'error-429': { description: 'status 429 with Retry-After for ever', faults: forEver('status-429') },
  'error-500': { description: 'status 500 for ever', faults: forEver('status-500') },
  'error-503': { description: 'status 503 for ever', faults: forEver('status-503') },
  'flaky-500': { description: 'status 500 twice, then an ordinary reveal', faults: twice('status-500') },
  'rate-limited': {
    description: 'status 429 with Retry-After twice, then an ordinary reveal',
    faults: twice('status-429'),
  },
  'rate-limited-bare': {
    description: 'status 429 without Retry-After twice, then an ordinary reveal',
    faults: twice('status-429-bare'),
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof told | BrokenAnswer;

const broken = Object.entries(brokenAnswers).map(([fault, what]): [string, Scenario] => [
  fault,
  { description: `${what}, for ever`, faults: forEver(fault as BrokenAnswer) },
]);

const table: ReadonlyMap<string, Scenario> = new Map<string, Scenario>([...Object.entries(told), ...broken]);

/** Every scenario, in the order in which a list should show them. */
export const scenarios: readonly { readonly name: ScenarioName; readonly description: string }[] = [...table].map(
  ([name, { description }]) => ({ name: name as ScenarioName, description }),
);

/** Longest first, so that `failed-not-done-1` is not taken for `failed`. */
const names = scenarios.map(({ name }) => name).sort((a, b) => b.length - a.length);

export function isScenario(name: string): name is ScenarioName {
  return table.has(name);
}

export function scenarioNamed(name: ScenarioName): Scenario {
  const scenario = table.get(name);
  if (scenario === undefined)
    throw new RangeError(`There is no scenario "${name}". There is: ${[...table.keys()].join(', ')}`);
  return scenario;
}

/** The scenario that a task id names: `slow` and `slow-anything` are both `slow`; other ids name none. */
export function scenarioOf(taskId: string): ScenarioName | undefined {
  return names.find((name) => taskId === name || taskId.startsWith(`${name}-`));
}

/** How long a scenario takes at most, in milliseconds of relay time; undefined where it takes as long as an ordinary reveal. */
export function longestMs(name: ScenarioName): number | undefined {
  const { duration = 'ordinary' } = scenarioNamed(name);
  if (duration === 'ordinary') return undefined;
  return duration === 'never' ? Number.POSITIVE_INFINITY : duration[1];
}
