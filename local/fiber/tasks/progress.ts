import type { Task } from './tasks.ts';

export interface Progress {
  /** The vendor's own word for where the task is. */
  readonly status: string;
  /** True once nothing will change any more, whatever `done` says. */
  readonly ended: boolean;
  /** From 0 to 1. */
  readonly share: number;
}

/** A task without end goes through the running statuses as one of two minutes would, and stays in the last. */
const endlessPaceMs = 120_000;

export function progressOf(task: Task, now: number): Progress {
  const ageMs = Math.max(0, now - task.startedAt);
  if (ageMs >= task.durationMs) return { status: endStatus(task), ended: true, share: 1 };
  const share = Number.isFinite(task.durationMs) ? ageMs / task.durationMs : Math.min(0.99, ageMs / endlessPaceMs);
  return { status: runningStatus(task, share), ended: false, share };
}

function runningStatus(task: Task, share: number): string {
  if (share < 0.1) return 'started';
  if (share < 0.6) return 'live-enriching';
  return task.scenario.ending === 'new-fields' ? 'cross-checking' : 'grabbing-contact-info';
}

function endStatus({ scenario }: Task): string {
  return scenario.ending === 'failed' || scenario.ending === 'failed-not-done' ? 'failed' : 'completed';
}
