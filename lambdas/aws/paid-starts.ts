import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { RawAnswer } from '../fiber/vendor-answer.ts';
import { figuresOf } from '../reveal/life/erasure.ts';
import { type StartedTask, type StartIntent, startedLate, startedWith } from '../reveal/life/paid-start.ts';
import type { RecordChanges, RevealRecord } from '../reveal/record.ts';
import { packAnswer } from '../reveal/stored-answer.ts';
import { keyOf } from './reveal-key.ts';
import { attempt } from './sdk.ts';
import { setting } from './update-expression.ts';

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
    const isOurs = 'startIntent.nonce = :nonce';
    return this.#set(revealId, { startIntent: intent }, `(${isFree}) OR (generation = :generation AND ${isOurs})`, {
      ':generation': generation,
      ':running': 'running',
      ':executionArn': executionArn,
      ':nonce': intent.nonce,
    });
  }

  /** The call did not leave, or nothing came of it and nothing was charged. Answers false if there is no such announcement any more. */
  async withdraw(revealId: string, nonce: string, refusal?: Refusal): Promise<boolean> {
    const kept = refusal && keptOf(refusal);
    const { startAnswer: _, ...withoutWords } = kept ?? {};
    return this.#ofCall(revealId, nonce, { startIntent: null, ...kept }, { startIntent: null, ...withoutWords });
  }

  /** Nobody knows what came of the call. The intent stays, so that nobody makes another. */
  async unknown(revealId: string, nonce: string, problem: string, answer?: RawAnswer): Promise<boolean> {
    const kept = keptOf({ problem, answer });
    const { startAnswer: _, ...withoutWords } = kept;
    return this.#ofCall(revealId, nonce, kept, withoutWords);
  }

  /**
   * Keeps a task that the vendor has named. It is paid for: so the nonce alone decides, whether or not somebody has cancelled or erased the
   * reveal meanwhile.
   *
   * @returns the record as it then is
   */
  async started(revealId: string, task: StartedTask, nowMs: number): Promise<RevealRecord | undefined> {
    const withoutWords = startedWith({ ...task, charge: figuresOf(task.charge) ?? undefined });
    await this.#ofCall(revealId, task.nonce, startedWith(task), withoutWords);
    const record = await this.#get(revealId);
    if (record?.startedBy !== task.nonce) return undefined;
    const late = startedLate(record, nowMs);
    if (Object.keys(late).length > 0) {
      await this.#set(revealId, late, 'startedBy = :nonce AND reason = :unknown AND attribute_not_exists(erasedAt)', {
        ':nonce': task.nonce,
        ':unknown': 'start-unknown',
      });
    }
    return record;
  }

  /**
   * Makes a reveal findable by its task's id as well. Answers false if the table has a reveal or an alias by that id already.
   *
   * @param expiresAt Unix seconds, where the record has an end
   */
  async alias(taskId: string, aliasOf: string, expiresAt: number | undefined): Promise<boolean> {
    return this.#unlessConditionFails(() =>
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

  /**
   * What a call has come to. What the vendor wrote may repeat the profile: once that has been erased it stays out of the table.
   *
   * @param withoutWords the same for a reveal whose contact data has been erased
   */
  async #ofCall(
    revealId: string,
    nonce: string,
    changes: RecordChanges,
    withoutWords: RecordChanges,
  ): Promise<boolean> {
    const isOurs = 'startIntent.nonce = :nonce';
    const values = { ':nonce': nonce };
    if (await this.#set(revealId, changes, `${isOurs} AND attribute_not_exists(erasedAt)`, values)) return true;
    return this.#set(revealId, withoutWords, isOurs, values);
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
    return this.#unlessConditionFails(() =>
      this.#documents.send(
        new UpdateCommand({ TableName: this.#table, Key: keyOf(revealId), ...setting(changes, condition, values) }),
      ),
    );
  }

  async #unlessConditionFails(write: () => Promise<unknown>): Promise<boolean> {
    return attempt('DynamoDB', async () => {
      try {
        await write();
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });
  }
}
