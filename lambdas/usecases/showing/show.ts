import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import type { Reason } from '../../contract.ts';
import type { RawAnswer, RevealResult } from '../../fiber/vendor-answer.ts';
import { pausedBecause } from '../../polling/budget/breaker.ts';
import { RelayFault } from '../../reveal/errors.ts';
import { keptBeside } from '../../reveal/life/earlier.ts';
import { startStep } from '../../reveal/life/paid-start.ts';
import { changed, isExpired, type RevealRecord } from '../../reveal/record.ts';
import { type StartsPaused, startsPausedBecause } from '../starting/brake.ts';
import { type Finding, findReveal } from './find-reveal.ts';

export interface Showing extends Finding, StartsPaused {
  reveals: Pick<RevealsTable, 'get' | 'resultOf' | 'earlier'>;
}

export interface ShownReveal {
  record: RevealRecord;
  result: RevealResult | undefined;
  earlier: EarlierResult[];
}

/** A generation before this one whose result lies beside the record. */
export interface EarlierResult {
  record: RevealRecord;
  result: RevealResult;
}

/** Each time the record has been erased or replaced between the two reads. */
const mostTries = 3;

/**
 * A reveal as of this moment, with its result if it has one.
 *
 * @throws RelayFault; ask again then
 */
export async function showReveal(id: string, showing: Showing): Promise<ShownReveal | 'no-such-reveal'> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const record = await findReveal(id, showing);
    if (!record) return 'no-such-reveal';
    const result = await showing.reveals.resultOf(record);
    if (result === 'gone') continue;
    return { record: await asOfNow(record, showing), result, earlier: await earlierResults(record, showing) };
  }
  throw partMissing();
}

/** What lies beside a record that has just been read, newest first. What has expired, or goes this very moment, is not there. */
export async function earlierResults(
  record: RevealRecord,
  { reveals, now }: Pick<Showing, 'now'> & { reveals: Pick<RevealsTable, 'resultOf' | 'earlier'> },
): Promise<EarlierResult[]> {
  if (record.erasedAt !== undefined) return [];
  const found: EarlierResult[] = [];
  for (const { generation } of keptBeside(record)) {
    const kept = await reveals.earlier(record, generation);
    const result = kept && !isExpired(kept, now()) ? await reveals.resultOf(kept) : undefined;
    if (kept && result && result !== 'gone') found.push({ record: kept, result });
  }
  return found;
}

/**
 * A reveal that sleeps can note neither that a pause is over nor that one has begun. That others poll again shows in the budget, and that nothing is
 * paid for in the brake.
 */
export async function asOfNow(record: RevealRecord, pauses: StartsPaused): Promise<RevealRecord> {
  const isWaitingToStart = record.find !== undefined && startStep(record, 0).kind === 'send';
  if (record.status === 'running' && isWaitingToStart) {
    return changed(record, { pausedBecause: (await startsPausedBecause(pauses)) as Reason | undefined });
  }
  if (!record.pausedBecause) return record;
  return changed(record, { pausedBecause: pausedBecause(await pauses.budget.read()) as Reason | undefined });
}

/**
 * What the vendor has answered, byte for byte.
 *
 * @throws RelayFault; ask again then
 */
export async function showAnswer(
  id: string,
  showing: Finding & { reveals: Pick<RevealsTable, 'get' | 'answerOf'> },
): Promise<RawAnswer | 'no-such-reveal' | 'no-answer'> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const record = await findReveal(id, showing);
    if (!record) return 'no-such-reveal';
    const answer = await showing.reveals.answerOf(record);
    if (answer === undefined) return 'no-answer';
    if (answer !== 'gone') return answer;
  }
  throw partMissing();
}

const partMissing = () => new RelayFault('DynamoDB', 'a part of the answer is missing');

/** The result of a record that has just been read or written. Nothing if somebody has erased or replaced it since. */
export async function resultIfKept(
  record: RevealRecord,
  reveals: Pick<RevealsTable, 'resultOf'>,
): Promise<RevealResult | undefined> {
  const result = await reveals.resultOf(record);
  return result === 'gone' ? undefined : result;
}
