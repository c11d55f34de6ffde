import { priceOf } from './account/prices.ts';
import { contactsOfTask, startAnswer } from './answers.ts';
import { slugOf } from './http/linkedin.ts';
import { failure, outOfCredits, type Reply, tooMany } from './http/reply.ts';
import { readStart } from './http/requests.ts';
import { retryAfterMs } from './poll.ts';
import type { Contacts } from './tasks/contacts.ts';
import { type ScenarioName, scenarioOf } from './tasks/scenarios.ts';
import type { Vendor } from './vendor.ts';

/** A task that somebody has paid for. */
export interface PaidTask {
  readonly taskId: string;
  /** As it was asked for. */
  readonly linkedinUrl: string;
  readonly creditsCharged: number;
  /** What it will reveal. */
  readonly contacts: Contacts;
}

/**
 * Every start is a new paid task, for the same profile too. A slug that names a scenario, as in `https://www.linkedin.com/in/slow-1`,
 * gets it.
 */
export function answerStart(vendor: Vendor, body: Uint8Array, at: number, onCharge: (paid: PaidTask) => void): Reply {
  vendor.totals.starts += 1;
  const read = readStart(body);
  if (!read.ok) return failure(read.status, read.message);
  const { apiKey, linkedinUrl, wanted } = read.request;
  const account = vendor.accounts.find(apiKey);
  if (account === undefined) return failure(401);
  account.startCount += 1;
  const waitMs = account.starts.take(at);
  if (waitMs > 0) {
    account.rejectedStarts += 1;
    vendor.totals.rejectedStarts += 1;
    return tooMany(retryAfterMs(vendor.limit, waitMs));
  }
  const creditsCharged = priceOf(wanted);
  if (account.credits < creditsCharged) return outOfCredits(account.credits);
  account.credits -= creditsCharged;
  const scenario = scenarioOfProfile(linkedinUrl);
  const task = vendor.tasks.add({ scenario, wanted, creditsCharged, paid: true }, at);
  onCharge({ taskId: task.taskId, linkedinUrl, creditsCharged, contacts: contactsOfTask(task) });
  return { status: 200, body: startAnswer(task, account.credits, read.warnings) };
}

/** What a start for this profile plays; a slug that names no scenario is an ordinary person. */
export function scenarioOfProfile(linkedinUrl: string): ScenarioName {
  return scenarioOf(slugOf(linkedinUrl.trim()).toLowerCase()) ?? 'completed';
}
