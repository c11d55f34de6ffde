import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { listIndex, openIndex, revealsKey } from '../../contract.ts';
import { type RawAnswer, type RevealResult, readAnswer } from '../../fiber/vendor-answer.ts';
import { isRelayFault } from '../../reveal/errors.ts';
import { listPosition } from '../../reveal/lists/list-cursor.ts';
import type { RecordChanges, RevealRecord } from '../../reveal/record.ts';
import {
  type AnswerPlace,
  answerAndReadingBytes,
  inlineBytes,
  packAnswer,
  type StoredAnswer,
  unpackAnswer,
  unpackResult,
} from '../../reveal/stored-answer.ts';
import { storedBytes } from '../../reveal/stored-bytes.ts';
import { unlessConditionFails } from '../conditional-write.ts';
import { attempt } from '../sdk.ts';
import { setting } from '../update-expression.ts';
import { AnswerParts } from './answer-parts.ts';
import { type Generation, keyOf } from './reveal-key.ts';

const isThisGeneration = 'generation = :generation';
const earlierPart = (generation: number) => `earlier#${generation}#record`;

/** The reveals table. Every write is one conditional write to one item, and knows its own earlier self. */
export class RevealsTable {
  readonly name: string;
  readonly #documents: DynamoDBDocumentClient;
  readonly #parts: AnswerParts;
  readonly #mostInline: number;

  /** @param mostInline bytes that a compressed answer may have to lie in the record itself */
  constructor(name: string, documents: DynamoDBDocumentClient, mostInline: number = inlineBytes) {
    this.name = name;
    this.#mostInline = mostInline;
    this.#documents = documents;
    this.#parts = new AnswerParts(this.#documents, name);
  }

  /** The record as it is now, by its id, or by that of the task that the relay has started for it: a strongly consistent read. */
  async get(id: string): Promise<RevealRecord | undefined> {
    const item = await this.#item(id);
    return typeof item?.aliasOf === 'string' ? this.#item(item.aliasOf) : item;
  }

  /** The record by its own id, perhaps as it was a moment ago: an eventually consistent read, at half the price. */
  async glance(revealId: string): Promise<RevealRecord | undefined> {
    return this.#item(revealId, undefined, false);
  }

  async #item(
    id: string,
    part?: string,
    ConsistentRead = true,
  ): Promise<(RevealRecord & { aliasOf?: unknown }) | undefined> {
    const { Item } = await attempt('DynamoDB', () =>
      this.#documents.send(new GetCommand({ TableName: this.name, Key: keyOf(id, part), ConsistentRead })),
    );
    return Item as RevealRecord | undefined;
  }

  /**
   * Puts the first record of a generation, in place of the one it replaces. Answers false if somebody was faster, which may have
   * been we ourselves, in an attempt whose answer was lost: read and decide again.
   *
   * @param isRead that nothing is there was read, and not supposed: then what is there is at the most another name of a reveal that has gone
   */
  async claim(record: RevealRecord, replaces: RevealRecord | undefined, isRead = false): Promise<boolean> {
    const item = {
      ...record,
      [revealsKey.sort]: revealsKey.record,
      [listIndex.partition]: listIndex.partitionValue,
      [listIndex.sort]: listPosition(record),
    };
    const isNobodys = `attribute_not_exists(${revealsKey.partition})${isRead ? ' OR attribute_exists(aliasOf)' : ''}`;
    const condition = replaces ? asReplaced(replaces) : { ConditionExpression: isNobodys };
    return unlessConditionFails(() =>
      this.#documents.send(new PutCommand({ TableName: this.name, Item: item, ...condition })),
    );
  }

  /** Sets attributes of a generation that is still running. Answers false if it is not, or is not there. */
  async whileRunning({ revealId, generation }: Generation, changes: RecordChanges): Promise<boolean> {
    return this.whileAsRead({ revealId, generation, status: 'running' }, changes);
  }

  /**
   * Ends a generation that is running. Answers false if it is not, or if a paid start was announced, answered or taken back since it was read: how it ends
   * depends on that.
   */
  async settle(record: RevealRecord, changes: RecordChanges): Promise<boolean> {
    const intent = intentAsRead(record);
    const isAsRead = `${isThisGeneration} AND #status = :status AND attribute_not_exists(erasedAt) AND ${intent.condition}`;
    return this.#set(record, changes, isAsRead, { ':status': 'running', ...intent.values });
  }

  /** Puts a generation beside the record, which the next one takes: out of the indexes, and readable until that one has a result of its own. */
  async keepEarlier(record: RevealRecord): Promise<void> {
    const indexed: string[] = [openIndex.partition, listIndex.partition, listIndex.sort];
    const kept = Object.fromEntries(Object.entries(record).filter(([name]) => !indexed.includes(name)));
    const Key = keyOf(record.revealId, earlierPart(record.generation));
    const Item = { ...kept, ...Key };
    await attempt('DynamoDB', () => this.#documents.send(new PutCommand({ TableName: this.name, Item })));
    // Whoever erases takes along what is there by then. What came later goes again here.
    if ((await this.#item(record.revealId))?.erasedAt === undefined) return;
    await attempt('DynamoDB', () => this.#documents.send(new DeleteCommand({ TableName: this.name, Key })));
  }

  /** The generation that `keepEarlier` has put beside the record, if it is still there. */
  async earlier({ revealId }: RevealRecord, generation: number): Promise<RevealRecord | undefined> {
    return this.#item(revealId, earlierPart(generation));
  }

  /** Notes that a wish for a new result, by its key, was answered with this generation. */
  async answersWish({ revealId, generation }: Generation, key: string): Promise<void> {
    await unlessConditionFails(() =>
      this.#documents.send(
        new UpdateCommand({
          TableName: this.name,
          Key: keyOf(revealId),
          UpdateExpression: 'SET forcedBy = list_append(:keys, if_not_exists(forcedBy, :none))',
          ConditionExpression: `${isThisGeneration} AND attribute_not_exists(erasedAt) AND NOT contains(forcedBy, :key)`,
          ExpressionAttributeValues: { ':generation': generation, ':keys': [key], ':none': [], ':key': key },
        }),
      ),
    );
  }

  /** Sets attributes of a record that nobody has settled otherwise, or erased, since it was read. Answers false if somebody has. */
  async whileAsRead(record: Generation & Pick<RevealRecord, 'status'>, changes: RecordChanges): Promise<boolean> {
    const isAsRead = `${isThisGeneration} AND #status = :status AND attribute_not_exists(erasedAt)`;
    return this.#set(record, changes, isAsRead, { ':status': record.status });
  }

  /**
   * Keeps an answer with the record, as it came, and with it what the changes say of it. Our reading of it lies beside it where there
   * is room and DynamoDB takes it; else it is made again from the answer. Answers false if the reveal is not as it was read any more,
   * because it has been settled meanwhile, or if its contact data has been erased: then nothing of this answer is left in the table.
   */
  async keepAnswer(
    record: RevealRecord,
    raw: RawAnswer,
    changes: RecordChanges & { expiresAt: number },
  ): Promise<boolean> {
    const { answer, parts } = packAnswer(raw, this.#mostInline);
    if (answer.parts) await this.#parts.put(record, answer.parts, parts, changes.expiresAt);
    const isKept = await this.#setWithReading(record, { ...changes, answer });
    const replaced = record.answer?.parts;
    if (isKept && replaced && replaced.digest !== answer.parts?.digest) await this.#parts.drop(record, replaced);
    if (!isKept && answer.parts && !(await this.#refersTo(record, answer.parts))) {
      await this.#parts.drop(record, answer.parts);
    }
    return isKept;
  }

  /** The answer of a record as it came: nothing if it has none, `gone` if it has been erased or replaced since the record was read. */
  async answerOf(record: RevealRecord): Promise<RawAnswer | 'gone' | undefined> {
    const { answer } = record;
    if (!answer) return undefined;
    const packed = answer.parts ? await this.#parts.get(record, answer.parts) : answer.bytes;
    return packed ? unpackAnswer(answer, packed) : 'gone';
  }

  /** The contact data of a record: nothing if it has none, `gone` if it has been erased or replaced since the record was read. */
  async resultOf(record: RevealRecord): Promise<RevealResult | 'gone' | undefined> {
    if (record.result) return record.result;
    if (record.resultParts) {
      const packed = await this.#parts.getResult(record, record.resultParts);
      return packed ? unpackResult(packed) : 'gone';
    }
    // Of a reveal that was given up on an answer may be there as well, which nobody could read when it came.
    if (record.status !== 'completed' && record.status !== 'failed') return undefined;
    const answer = await this.answerOf(record);
    if (answer === undefined || answer === 'gone') return answer;
    const read = readAnswer(answer);
    return read.kind === 'done' ? read.result : undefined;
  }

  /**
   * Takes the contact data of an ended generation out of the table, and out of what abandoned writers have left behind. Answers
   * false if the reveal is running, or is another generation by now. Doing it again finishes what was interrupted.
   */
  async erase(record: Generation, tombstone: RecordChanges): Promise<boolean> {
    const hasEnded = '#status <> :running';
    const isErased = await this.#set(record, tombstone, `${isThisGeneration} AND ${hasEnded}`, {
      ':running': 'running',
    });
    if (isErased) await this.#parts.dropUpTo(record);
    return isErased;
  }

  /**
   * Notes that the event is out. The first note stays. Answers false if there is one, or if the task of the reveal has become known since it was
   * read: whether it is still unfinished depends on that.
   */
  async published(record: RevealRecord, note: RecordChanges): Promise<boolean> {
    const isFirst = 'attribute_not_exists(publishedAt)';
    return this.#set(record, note, `${isThisGeneration} AND ${isFirst}${taskAsRead(record)}`);
  }

  /** Whether parts that lie there are those of a stored answer, and not of a write that came too late. */
  async #refersTo({ revealId, generation }: Generation, parts: AnswerPlace): Promise<boolean> {
    const record = await this.get(revealId);
    return record?.generation === generation && record.answer?.parts?.digest === parts.digest;
  }

  /** The answer is what must be kept: what else an item cannot hold can be made of it again. */
  async #setWithReading(record: RevealRecord, changes: RecordChanges & { answer: StoredAnswer }): Promise<boolean> {
    const bytes = storedBytes(changes.result);
    const room = answerAndReadingBytes - (changes.answer.bytes?.length ?? 0);
    const isRoom = bytes !== undefined && bytes <= room;
    try {
      return await this.whileAsRead(record, isRoom ? changes : { ...changes, result: null });
    } catch (error) {
      if (!isRelayFault(error) || error.fault !== 'ValidationException') throw error;
      return this.whileAsRead(record, { ...changes, result: null, charge: null, failure: null });
    }
  }

  async #set(
    { revealId, generation }: Generation,
    changes: object,
    condition: string,
    values: Record<string, unknown> = {},
  ): Promise<boolean> {
    const update = setting(changes, condition, { ...values, ':generation': generation });
    return unlessConditionFails(() =>
      this.#documents.send(new UpdateCommand({ TableName: this.name, Key: keyOf(revealId), ...update })),
    );
  }
}

/** Nobody has announced a paid start since the record was read, or answered the one that was announced then. */
function intentAsRead({ startIntent, taskId }: RevealRecord): { condition: string; values: Record<string, unknown> } {
  if (!startIntent) {
    return { condition: `attribute_not_exists(startIntent)${taskAsRead({ taskId })}`, values: {} };
  }
  return { condition: 'startIntent.nonce = :nonce', values: { ':nonce': startIntent.nonce } };
}

function taskAsRead({ taskId }: Pick<RevealRecord, 'taskId'>): string {
  return taskId === undefined ? ' AND attribute_not_exists(taskId)' : '';
}

function asReplaced(replaces: RevealRecord) {
  const intent = intentAsRead(replaces);
  return {
    ConditionExpression: [
      isThisGeneration,
      '#status = :status',
      ...(replaces.erasedAt ? [] : ['attribute_not_exists(erasedAt)']),
      intent.condition,
    ].join(' AND '),
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':generation': replaces.generation,
      ':status': replaces.status,
      ...intent.values,
    },
  };
}
