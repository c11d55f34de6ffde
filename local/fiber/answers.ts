import { chargeInfo, lowCreditAlert } from './account/charges.ts';
import { refundFor } from './account/prices.ts';
import { type Contacts, contactsOf } from './tasks/contacts.ts';
import { progressOf } from './tasks/progress.ts';
import type { Task } from './tasks/tasks.ts';
import type { Answer, ChargeMethod, CreditAlert, PollBody, Profile, StartBody, Warning } from './wire.ts';

const patience = ['Ask again in 15 to 30 seconds.'];

/** The healthy answer to a poll of this task at that moment. Once the task has ended it stays the same. */
export function pollAnswer(task: Task, now: number, credits: number, warnings: readonly Warning[]): PollBody {
  const { ended, share, status } = progressOf(task, now);
  const { ending, partial } = task.scenario;
  const answer: PollBody = {
    output: {
      profile: ended ? endedProfile(task, status) : runningProfile(task, status, partial ? share : 0),
      done: ended && ending !== 'failed-not-done',
    },
    chargeInfo: chargeOf(task, ended, credits),
    ...warned(warnings, ending === 'null-lists'),
    advice: ended ? [] : patience,
  };
  return ending === 'new-fields' ? withNewFields(answer, ended) : answer;
}

/** A start is charged at once. */
export function startAnswer(task: Task, credits: number, warnings: readonly Warning[]): StartBody {
  const { creditsCharged } = task;
  const facts = { creditsCharged, creditsRefunded: 0, lowCreditAlert: lowCreditAlert(credits) };
  return {
    output: { taskId: task.taskId },
    chargeInfo: chargeInfo('charged-now', facts),
    ...warned(warnings, false),
    advice: [],
  };
}

export function contactsOfTask({ taskId, scenarioName, wanted }: Task): Contacts {
  return contactsOf(taskId, scenarioName, wanted);
}

/** E-mails come in from 40 % of the duration on, phone numbers from 70 % on, one at a time. */
function runningProfile(task: Task, status: string, shareShown: number): Profile {
  if (shareShown < 0.4) return { emails: [], phoneNumbers: [], status };
  const { emails, phoneNumbers } = contactsOfTask(task);
  return { emails: emails.slice(0, 1), phoneNumbers: shareShown < 0.7 ? [] : phoneNumbers.slice(0, 1), status };
}

function endedProfile(task: Task, status: string): Profile {
  const { emails, phoneNumbers, lowQualityEmails } = contactsOfTask(task);
  if (status === 'failed') {
    return { emails, phoneNumbers, status, error: 'The profile could not be read.', exhaustive: false };
  }
  if (task.scenario.ending === 'null-lists') {
    return { emails, phoneNumbers, status, exhaustive: null, lowQualityEmails: null };
  }
  return { emails, phoneNumbers, status, exhaustive: true, lowQualityEmails };
}

function chargeOf(task: Task, ended: boolean, credits: number) {
  const { charge, ending, lowCredits } = task.scenario;
  const creditsRefunded = ended ? refundFor(task.creditsCharged, contactsOfTask(task)) : 0;
  const ordinaryEnd: ChargeMethod = creditsRefunded > 0 ? 'credits-refunded' : 'charged-for-async-process';
  const method = ended ? (charge?.done ?? ordinaryEnd) : (charge?.running ?? 'charging-later');
  const alert: CreditAlert | null | undefined = lowCreditAlert(lowCredits ? Math.min(credits, 9) : credits);
  return chargeInfo(method, {
    creditsCharged: task.creditsCharged,
    creditsRefunded,
    lowCreditAlert: ending === 'null-lists' ? (alert ?? null) : alert,
  });
}

/** The contract's `warnings` is a list, null or absent. */
function warned(warnings: readonly Warning[], orNull: boolean): Pick<Answer<unknown>, 'warnings'> {
  if (warnings.length > 0) return { warnings };
  return orNull ? { warnings: null } : {};
}

/** The vendor added `foundOtherTypes` after the contract of record was written; all else here is made up. */
function withNewFields(answer: PollBody, ended: boolean): PollBody {
  const foundOtherTypes = ended ? { workEmails: 2, personalEmails: 0, phoneNumbers: 1 } : null;
  return {
    ...answer,
    output: {
      ...answer.output,
      profile: { ...answer.output.profile, foundOtherTypes, socialHandles: [] },
      confidence: { overall: 0.9 },
    },
    chargeInfo: ended
      ? { ...answer.chargeInfo, method: 'charged-to-subscription', plan: 'example' }
      : answer.chargeInfo,
    requestId: 'request-0001',
    meta: { region: 'example-1', elapsedMs: 12.5 },
  } as PollBody;
}
