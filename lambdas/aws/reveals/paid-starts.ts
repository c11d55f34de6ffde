import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { RawAnswer } from '../../fiber/vendor-answer.ts';
import { type StartedTask, type StartIntent, startedWith } from '../../reveal/life/paid-start.ts';
import { changed, type RecordChanges, type RevealRecord } from '../../reveal/record.ts';
import { packAnswer } from '../../reveal/stored-answer.ts';
import { unlessConditionFails } from '../conditional-write.ts';
import { attempt } from '../sdk.ts';
import { setting } from '../update-expression.ts';
import { keyOf } from './reveal-key.ts';

const isOurs = 'startIntent.nonce = :nonce';

/** What is kept of an answer to a start that nobody could read. */
const mostOfAnUnreadAnswer = 100_000;

/** Why there is no task, and in what words the vendor has said so. */
interface Refusal {
  problem: string;
  answer?: RawAnswer | undefined;
}

function keptOf({ problem, answer }: Refusal): RecordChanges {
  const packed = answer && packAnswer(answer, mostOfAnUnreadAnswer).answer;
  return { startProblem: problem, ...(packed?.bytes && { startAnswer: packed }) };
}

/** The writes around a paid call, each one conditional update of the reveal's record that knows its own earlier self by its nonce. */
export class PaidStarts {
  readonly #table: string;
  readonly #documents: DynamoDBDocumentClient;

  constructor(table: string, documents: DynamoDBDocumentClient) {
    this.#table = table;
    this.#documents = documents;
  }

  /**
   * Announces the call. Answers false if it must not be made: another has announced one, the reveal has its task or has ended, or it belongs to
   * another generation or execution. A record that is not there is never made here.
   */
  async intend(
    { revealId, generation, executionArn }: Pick<RevealRecord, 'revealId' | 'generation' | 'executionArn'>,
    intent: StartIntent,
  ): Promise<boolean> {
    const isFree = [
      'generation = :generation',
      '#status = :running',
      'executionArn = :executionArn',
      'attribute_not_exists(startIntent)',
      'attribute_not_exists(taskId)',
      'attribute_not_exists(erasedAt)',
    ].join(' AND ');
    return this.#set(revealId, { startIntent: intent }, `(${isFree}) OR (generation = :generation AND ${isOurs})`, {
      ':generation': generation,
      ':running': 'running',
      ':executionArn': executionArn,
      ':nonce': intent.nonce,
    });
  }

  /** The call did not leave, or nothing came of it and nothing was charged. Answers false if there is no such announcement any more. */
  async withdraw(revealId: string, nonce: string, refusal?: Refusal): Promise<boolean> {
    return this.#answered(revealId, nonce, { startIntent: null }, refusal);
  }

  /** Nobody knows what came of the call. The intent stays, so that nobody makes another. */
  async unknown(revealId: string, nonce: string, problem: string, answer?: RawAnswer): Promise<boolean> {
    return this.#answered(revealId, nonce, {}, { problem, answer });
  }

  /**
   * Keeps a task that the vendor has named. It is paid for: so the nonce alone decides, whether or not somebody has cancelled or erased the
   * reveal meanwhile. What that has made of it decides what else is written, in the same write: nobody may come back for a second one.
   *
   * @returns the record as it then is
   */
  async started(revealId: string, task: StartedTask, nowMs: number): Promise<RevealRecord | undefined> {
    for (;;) {
      const record = await this.#get(revealId);
      if (record?.startIntent?.nonce !== task.nonce) return record?.startedBy === task.nonce ? record : undefined;
      const changes = startedWith(record, task, nowMs);
      const asRead = (['erasedAt', 'publishedAt'] as const).map((name) =>
        record[name] === undefined ? `attribute_not_exists(${name})` : `attribute_exists(${name})`,
      );
      const condition = [isOurs, '#status = :read', ...asRead].join(' AND ');
      const values = { ':nonce': task.nonce, ':read': record.status };
      if (await this.#set(revealId, changes, condition, values)) return changed(record, changes);
    }
  }

  /**
   * Makes a reveal findable by its task's id as well. Answers false if the table has a reveal or an alias by that id already.
   *
   * @param expiresAt Unix seconds, where the record has an end
   */
  async alias(taskId: string, aliasOf: string, expiresAt: number | undefined): Promise<boolean> {
    return unlessConditionFails(() =>
      this.#documents.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...keyOf(taskId), aliasOf, ...(expiresAt !== undefined && { expiresAt }) },
          ConditionExpression: 'attribute_not_exists(revealId) OR aliasOf = :owner',
          ExpressionAttributeValues: { ':owner': aliasOf },
        }),
      ),
    );
  }

  /** The vendor's words may repeat whom they are about: once the person is erased, they are not kept. */
  async #answered(revealId: string, nonce: string, changes: RecordChanges, refusal?: Refusal): Promise<boolean> {
    const values = { ':nonce': nonce };
    if (!refusal) return this.#set(revealId, changes, isOurs, values);
    const isThere = `${isOurs} AND attribute_not_exists(erasedAt)`;
    if (await this.#set(revealId, { ...changes, ...keptOf(refusal) }, isThere, values)) return true;
    return this.#set(revealId, { ...changes, ...keptOf({ problem: refusal.problem }) }, isOurs, values);
  }

  async #get(revealId: string): Promise<RevealRecord | undefined> {
    const { Item } = await attempt('DynamoDB', () =>
      this.#documents.send(new GetCommand({ TableName: this.#table, Key: keyOf(revealId), ConsistentRead: true })),
    );
    return Item as RevealRecord | undefined;
  }

  async #set(
    revealId: string,
    changes: RecordChanges,
    condition: string,
    values: Record<string, unknown>,
  ): Promise<boolean> {
    return unlessConditionFails(() =>
      this.#documents.send(
        new UpdateCommand({ TableName: this.#table, Key: keyOf(revealId), ...setting(changes, condition, values) }),
      ),
    );
  }
}
