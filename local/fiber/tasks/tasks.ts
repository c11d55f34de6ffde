import { type Random, seededRandom, seedFrom } from '../random.ts';
import { everything, type Wanted } from './contacts.ts';
import { type DurationSampler, mix, uniformMs } from './durations.ts';
import { assertFault, type PlannedFault } from './faults.ts';
import { type Scenario, type ScenarioName, scenarioNamed, scenarioOf } from './scenarios.ts';

/** One reveal on the vendor's side. */
export interface Task {
  readonly taskId: string;
  readonly scenarioName: ScenarioName;
  readonly scenario: Scenario;
  /** Relay time, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Infinity when it never ends. */
  readonly durationMs: number;
  /** Those of the task come before those of its scenario. */
  readonly faults: readonly PlannedFault[];
  readonly wanted: Wanted;
  readonly creditsCharged: number;
  /** Whether those credits really left an account: only a start takes them. */
  readonly paid: boolean;
  /** How many polls got as far as this task, and how many of them since it ended. */
  polls: number;
  pollsSinceEnd: number;
}

export interface NewTask {
  /** @default a new id that names the scenario, `completed-4f1a09…` */
  readonly taskId?: string;
  /** @default the one that the id names, else `completed` */
  readonly scenario?: ScenarioName;
  /** Milliseconds of relay time from now until it is done. @default drawn as the scenario says */
  readonly durationMs?: number;
  readonly faults?: readonly PlannedFault[];
  /** @default everything */
  readonly wanted?: Wanted;
  /** @default 12 */
  readonly creditsCharged?: number;
  /** @default false */
  readonly paid?: boolean;
}

/** All tasks that the stand-in knows. */
export class Tasks {
  readonly #tasks = new Map<string, Task>();
  readonly #random: Random;
  readonly #seed: number;
  readonly #ordinary: DurationSampler;

  constructor(random: Random, ordinary: DurationSampler = mix) {
    this.#random = random;
    this.#seed = Math.floor(random() * 4_294_967_296);
    this.#ordinary = ordinary;
  }

  add(asked: NewTask, now: number): Task {
    const named = asked.scenario ?? (asked.taskId === undefined ? undefined : scenarioOf(asked.taskId)) ?? 'completed';
    const taskId = asked.taskId ?? this.#unusedId(named);
    if (taskId === '') throw new RangeError('A task id has at least one character');
    if (this.#tasks.has(taskId)) throw new RangeError(`There already is a task "${taskId}"`);
    for (const { fault } of asked.faults ?? []) assertFault(fault);
    const scenario = scenarioNamed(named);
    const task: Task = {
      taskId,
      scenarioName: named,
      scenario,
      startedAt: now,
      durationMs: asked.durationMs ?? this.#durationMs(taskId, scenario),
      faults: [...(asked.faults ?? []), ...(scenario.faults ?? [])],
      wanted: asked.wanted ?? everything,
      creditsCharged: asked.creditsCharged ?? 12,
      paid: asked.paid ?? false,
      polls: 0,
      pollsSinceEnd: 0,
    };
    this.#tasks.set(taskId, task);
    return task;
  }

  get(taskId: string): Task | undefined {
    return this.#tasks.get(taskId);
  }

  /** The task of that id. An id that names a scenario is a task from its first poll on; any other has to be added. */
  find(taskId: string, now: number): Task | undefined {
    const known = this.#tasks.get(taskId);
    if (known !== undefined || scenarioOf(taskId) === undefined) return known;
    return this.add({ taskId }, now);
  }

  /** Drawn from the id and the server's seed, so that it does not depend on which task happens to be polled first. */
  #durationMs(taskId: string, { duration = 'ordinary' }: Scenario): number {
    const random = seededRandom(seedFrom(`${this.#seed} ${taskId}`));
    if (duration === 'never') return Number.POSITIVE_INFINITY;
    return duration === 'ordinary' ? this.#ordinary(random) : uniformMs(random, duration[0], duration[1]);
  }

  #unusedId(scenario: ScenarioName): string {
    for (;;) {
      const id = `${scenario}-${hex(this.#random)}${hex(this.#random)}`;
      if (!this.#tasks.has(id)) return id;
    }
  }
}

function hex(random: Random): string {
  return Math.floor(random() * 4_294_967_296)
    .toString(16)
    .padStart(8, '0');
}
