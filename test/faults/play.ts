import type { AddedTask } from '../../local/fiber/index.ts';
import type { Cell, Scene } from './cell.ts';
import type { Fault } from './fault.ts';
import type { Lab } from './lab.ts';

const minute = 60_000;
/** A sweep comes round twice, and handlers have forgotten the key and the durations that they knew. */
const calmMs = 11 * minute;
/** The first look after a reveal was given up on comes 15 minutes later, with the next sweep. */
const firstLookMs = 21 * minute;
const longestMs = 26 * 60 * minute;

/** What a cell came to, once everything was calm again. */
export interface Played {
  readonly cell: Cell;
  readonly task: AddedTask;
  /** Executions of this task, started by the cell or by the relay itself. */
  readonly executionArns: readonly string[];
  /** Faults that nothing has met: then the cell shows nothing. */
  readonly unmet: readonly Fault[];
  /** Where logs, events and calls of this cell begin. */
  readonly from: {
    readonly logs: number;
    readonly events: number;
    readonly calls: number;
    readonly polls: number;
    readonly streamed: number;
  };
}

let played = 0;

/** Plays one cell to its end: until its reveal is settled and announced, and the sweeper has been there twice since. */
export async function play(lab: Lab, cell: Cell): Promise<Played> {
  const { relay, logs } = lab.test;
  const from = {
    logs: logs.length,
    events: relay.events.length,
    calls: lab.calls.length,
    polls: lab.polls.length,
    streamed: lab.streamed.length,
  };
  await lab.forget();
  const task = lab.addTask({ taskId: `cell-${process.pid}-${++played}`, durationMs: 40_000, ...cell.task });

  const scene = sceneOf(lab, task);
  lab.between.arm(typeof cell.faults === 'function' ? cell.faults(scene) : (cell.faults ?? []));
  await (cell.play ?? usualPlay)(scene);
  const unmet = lab.between.disarm();
  await calm(lab, task.taskId);
  return { cell, task, executionArns: executionsOf(lab, task.taskId), unmet, from };
}

async function usualPlay({ start, ended }: Scene): Promise<void> {
  await start();
  await ended();
}

function sceneOf(lab: Lab, { taskId }: AddedTask): Scene {
  const { relay } = lab.test;
  const started: string[] = [];
  return {
    lab,
    taskId,
    start: async () => {
      const arn = await relay.startReveal({ taskId });
      started.push(arn);
      return arn;
    },
    stop: () => {
      const [first] = executionsOf(lab, taskId).slice(-1);
      if (first) lab.stop(first);
    },
    ended: async () => {
      for (const arn of started) await relay.ended(arn);
    },
  };
}

async function calm(lab: Lab, taskId: string): Promise<void> {
  const until = lab.test.clock.now() + longestMs;
  while (!(await isSettled(lab, taskId))) {
    if (lab.test.clock.now() > until) throw new Error(`${taskId} has not come to rest within 26 hours`);
    await lab.pass(minute);
  }
  const record = await lab.test.relay.record(taskId);
  await lab.pass(record?.lookAgainAt ? firstLookMs : calmMs);
}

async function isSettled(lab: Lab, taskId: string): Promise<boolean> {
  const record = await lab.test.relay.record(taskId);
  const isRunning = lab.executions().some(({ status }) => status === 'RUNNING');
  return !isRunning && record !== undefined && record.status !== 'running' && record.publishedAt !== undefined;
}

function executionsOf(lab: Lab, taskId: string): string[] {
  return lab
    .executions()
    .filter(({ input }) => input.includes(`"${taskId}"`))
    .map(({ arn }) => arn);
}
