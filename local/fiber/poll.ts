import type { Account, LimitOptions } from './account/accounts.ts';
import { refundFor } from './account/prices.ts';
import { contactsOfTask, pollAnswer } from './answers.ts';
import { failure, outOfCredits, type Reply, tooMany } from './http/reply.ts';
import { readPoll } from './http/requests.ts';
import { type Fault, faultAt, isBroken, leavesReadable, statusOf } from './tasks/faults.ts';
import { progressOf } from './tasks/progress.ts';
import type { Task } from './tasks/tasks.ts';
import type { Vendor } from './vendor.ts';
import type { Warning } from './wire.ts';

/** What one poll came to, for whoever watches the vendor's side. */
export interface SeenPoll {
  /** Relay time, in milliseconds since 1970. */
  readonly at: number;
  /** The HTTP status, or the name of the broken answer that it got in place of a proper one. */
  readonly status: number | Fault;
  /** Absent when the request did not name one. */
  readonly taskId?: string;
  /** The vendor's status of the task, where it was told. */
  readonly profileStatus?: string;
  readonly done?: boolean;
}

/**
 * The vendor's order: the body, its fields, the key, the rate limit, the credits, the task, and then what the task says.
 * A poll counts as one of its task from there on; those refused earlier are not among the ordinals of planned faults.
 */
export function answerPoll(vendor: Vendor, body: Uint8Array, at: number): { reply: Reply; seen: SeenPoll } {
  vendor.totals.polls += 1;
  const read = readPoll(body);
  if (!read.ok) return refused(failure(read.status, read.message), { at, status: read.status });
  const { apiKey, taskId } = read.request;
  vendor.pollsPerTask.set(taskId, (vendor.pollsPerTask.get(taskId) ?? 0) + 1);
  const account = vendor.accounts.find(apiKey);
  if (account === undefined) return refused(failure(401), { at, status: 401, taskId });
  const waitMs = countPoll(account, at);
  if (waitMs > 0) {
    vendor.totals.rejectedPolls += 1;
    return refused(tooMany(retryAfterMs(vendor.limit, waitMs)), { at, status: 429, taskId });
  }
  // A poll is free, but the vendor lists 402 for it, and an account without credits is the one case that it fits.
  if (account.credits <= 0) return refused(outOfCredits(account.credits), { at, status: 402, taskId });
  const task = vendor.tasks.find(taskId, at);
  if (task === undefined) return refused(failure(404), { at, status: 404, taskId });
  return pollTask(task, account, at, read.warnings);
}

export function retryAfterMs(limit: LimitOptions, waitMs: number): number | undefined {
  return (limit.retryAfter ?? true) ? waitMs : undefined;
}

function countPoll(account: Account, at: number): number {
  account.pollCount += 1;
  account.busiest.record(at);
  const waitMs = account.polls.take(at);
  if (waitMs > 0) account.rejectedPolls += 1;
  return waitMs;
}

function pollTask(
  task: Task,
  account: Account,
  at: number,
  warnings: readonly Warning[],
): { reply: Reply; seen: SeenPoll } {
  const { ended } = progressOf(task, at);
  if (ended && task.pollsSinceEnd === 0) payBack(task, account);
  task.polls += 1;
  if (ended) task.pollsSinceEnd += 1;
  const fault = faultAt(task.faults, { poll: task.polls, sinceEnd: task.pollsSinceEnd });
  const { taskId } = task;
  if (fault !== undefined && !isBroken(fault)) {
    const status = statusOf(fault) ?? 500;
    return refused(faultReply(fault, status), { at, status, taskId });
  }
  if (fault === undefined || leavesReadable(fault)) {
    const body = pollAnswer(task, at, account.credits, warnings);
    const { profile, done } = body.output;
    const seen = { at, status: fault ?? 200, taskId, profileStatus: profile.status, done };
    return { reply: fault === undefined ? { status: 200, body } : { broken: fault, body }, seen };
  }
  // The others spoil the finished result, so that a client which quotes what it could not read leaks contact data.
  const body = pollAnswer(task, Number.POSITIVE_INFINITY, account.credits, warnings);
  return refused({ broken: fault, body }, { at, status: fault, taskId });
}

function faultReply(fault: Fault, status: number): Reply {
  if (fault === 'status-429') return tooMany(5_000);
  return status === 402 ? outOfCredits(0) : failure(status);
}

/** Only a start was paid for, so only its task has something to pay back. */
function payBack(task: Task, account: Account): void {
  if (task.paid) account.credits += refundFor(task.creditsCharged, contactsOfTask(task));
}

function refused(reply: Reply, seen: SeenPoll): { reply: Reply; seen: SeenPoll } {
  return { reply, seen };
}
