import type { PaidStarts } from '../../aws/reveals/paid-starts.ts';
import type { ClaimRequest } from '../../reveal/claim-request.ts';
import { callMayLastMs, hasUnansweredStart } from '../../reveal/life/paid-start.ts';
import { aliasExpiry, type RevealRecord } from '../../reveal/record.ts';
import { type Finding, findReveal } from '../showing/find-reveal.ts';
import { optionsThatDiffer, type RevealOptions, type RevealStarter, type Started } from './start.ts';

export interface Resuming extends Finding {
  starter: Pick<RevealStarter, 'claim'>;
  starts: Pick<PaidStarts, 'alias'>;
  retentionDays: number;
}

/** What somebody has found out about a start of which the relay does not know whether it was paid for. */
export interface Decision {
  /** Start again: at the worst it is paid for a second time. */
  startAgain?: true | undefined;
  /** Its task, as the vendor's own list shows it. */
  taskId?: string | undefined;
  /** Go on only with what has been paid for: what would start a task stays as it is. */
  paysNothing?: true | undefined;
}

export type Resumed =
  | Started
  | 'no-such-reveal'
  /** Nobody knows whether it was paid for: `Decision` says what follows. */
  | 'start-unknown'
  /** A call may still be under way. */
  | 'start-under-way'
  /** There is a reveal of that task already. */
  | 'task-taken'
  /** It is known whether a task was started: another has no place here. */
  | 'start-known';

/**
 * Starts another generation of a reveal that ended without a result, with the options it had unless others are given. A reveal
 * that runs or has its result stays as it is.
 *
 * @param claimedBy names this very request, and its repetitions
 * @throws RelayFault; ask again then
 */
export async function resume(
  id: string,
  { startAgain, taskId, paysNothing, ...options }: RevealOptions & Decision,
  claimedBy: string,
  resuming: Resuming,
): Promise<Resumed> {
  const { starts, starter, retentionDays, now } = resuming;
  const record = await findReveal(id, resuming);
  if (!record) return 'no-such-reveal';
  const request: ClaimRequest = { ...requestOf(record), ...(paysNothing && { paysNothing }), ...options };
  if ('taskId' in request || !hasUnansweredStart(record) || record.status === 'running') {
    // What was decided already is no other task.
    return taskId === undefined || taskId === record.taskId ? claimed(request) : 'start-known';
  }
  if (!startAgain && taskId === undefined) return 'start-unknown';
  if (now() < Date.parse(record.startIntent?.at ?? record.createdAt) + callMayLastMs) return 'start-under-way';
  if (taskId !== undefined && !(await starts.alias(taskId, record.revealId, aliasExpiry(now(), retentionDays)))) {
    return 'task-taken';
  }
  return claimed({ ...request, decision: { generation: record.generation, taskId } });

  async function claimed(wanted: ClaimRequest): Promise<Resumed> {
    const { record, isNew } = await starter.claim(wanted, claimedBy);
    const optionsDiffer = isNew ? [] : optionsThatDiffer(options, record);
    return { kind: isNew ? 'started' : 'attached', record, optionsDiffer, missing: [] };
  }
}

/** The request that a record came of. Whoever resumes is content with any result that is there. */
function requestOf({
  revealId,
  taskId,
  linkedinUrl,
  find = [],
  batch,
  priority,
  reference,
  custom,
}: RevealRecord): ClaimRequest {
  const options = { priority, reference, custom };
  if (linkedinUrl === undefined) return { taskId: taskId ?? revealId, ...options };
  return {
    revealId,
    linkedinUrl,
    find,
    maxAgeDays: Number.POSITIVE_INFINITY,
    isResumed: true,
    ...(batch && { batch }),
    ...options,
  };
}
