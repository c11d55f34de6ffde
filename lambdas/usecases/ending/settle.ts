import type { RevealBus } from '../../aws/event-bus.ts';
import type { LowCredits } from '../../aws/low-credits.ts';
import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import type { RevealRequest } from '../../reveal/claim-request.ts';
import { creditsOfStart } from '../../reveal/credits.ts';
import { RelayFault } from '../../reveal/errors.ts';
import { announcementOf, type CreditWarning, creditWarningOf } from '../../reveal/events/announcement.ts';
import type { Ending } from '../../reveal/life/ending.ts';
import { publishedWith, settledWith } from '../../reveal/life/settlement.ts';
import { changed, isOfLaterVersion, newRecord, type RevealRecord } from '../../reveal/record.ts';

/** What is measured of paid starts. */
export interface StartFigures {
  creditsSpent: number;
  unknownStarts?: number;
}

/** The one way in which a reveal ends, whoever notices that it has. */
export class Settlement {
  readonly #reveals: RevealsTable;
  readonly #lowCredits: Pick<LowCredits, 'warned' | 'notWarned'>;
  readonly #bus: RevealBus;
  readonly #retentionDays: number;
  readonly #now: () => number;
  readonly #measure: (figures: StartFigures) => void;

  constructor(parts: {
    reveals: RevealsTable;
    lowCredits: Pick<LowCredits, 'warned' | 'notWarned'>;
    bus: RevealBus;
    retentionDays: number;
    now: () => number;
    measure: (figures: StartFigures) => void;
  }) {
    this.#measure = parts.measure;
    this.#reveals = parts.reveals;
    this.#lowCredits = parts.lowCredits;
    this.#bus = parts.bus;
    this.#retentionDays = parts.retentionDays;
    this.#now = parts.now;
  }

  /**
   * Writes the final record if there is none yet, and announces it if nobody has. Doing it twice changes nothing and at the
   * worst publishes the same event again, under the same id. A record of a later version is left as it is.
   *
   * @param request what the execution was started with, if it was not a claimed reveal: then it ends with a record even if
   *   admission failed before it could write one
   * @returns the record that holds: another execution's, unannounced, if that has taken the reveal over
   * @throws RelayFault
   */
  async settle(
    revealId: string,
    executionArn: string,
    ending: Ending,
    request?: RevealRequest,
  ): Promise<RevealRecord | undefined> {
    const record = await this.#final(revealId, executionArn, ending, request);
    if (record?.executionArn === executionArn) await this.announce(record);
    return record;
  }

  /** Publishes how a settled reveal ended, unless that has been noted already. */
  async announce(record: RevealRecord): Promise<void> {
    if (record.publishedAt) return;
    const announcement = announcementOf(record, this.#reveals.name);
    if (!announcement) return;
    await this.#bus.publish(announcement, ...(await this.#warningsOf(record)));
    this.#measureStart(record);
    const publishedAt = new Date(this.#now()).toISOString();
    const { eventId } = announcement.detail;
    if (await this.#reveals.published(record, publishedWith(record, { publishedAt, eventId }))) return;
    // Noted already, or its task has become known in between.
    const now = await this.#reveals.get(record.revealId);
    if (now?.generation === record.generation && now.status === record.status && !now.publishedAt) {
      await this.#reveals.published(now, publishedWith(now, { publishedAt, eventId }));
    }
  }

  /** The vendor's warning that few credits are left, if nobody has handed it on since it was last gone. */
  async #warningsOf(record: RevealRecord): Promise<CreditWarning[]> {
    const { settledAt = record.createdAt } = record;
    const warning = creditWarningOf(record);
    if (warning === undefined) return [];
    if (warning === 'none') {
      await this.#lowCredits.notWarned(settledAt);
      return [];
    }
    return (await this.#lowCredits.warned(warning.detail.eventId, settledAt)) ? [warning] : [];
  }

  /** What the start has cost is measured once, with the first event. */
  #measureStart(record: RevealRecord): void {
    const creditsSpent = record.late ? 0 : creditsOfStart(record);
    const isUnknown = record.reason === 'start-unknown';
    if (creditsSpent > 0 || isUnknown) this.#measure({ creditsSpent, ...(isUnknown && { unknownStarts: 1 }) });
  }

  async #final(
    revealId: string,
    executionArn: string,
    ending: Ending,
    request: RevealRequest | undefined,
  ): Promise<RevealRecord | undefined> {
    for (;;) {
      const record = await this.#reveals.get(revealId);
      // Asked again it may be answered by code that knows the record.
      if (record && isOfLaterVersion(record)) throw new RelayFault('The reveals table', 'RecordOfLaterVersion');
      if (record && (record.status !== 'running' || record.executionArn !== executionArn)) return record;
      const at = { nowMs: this.#now(), retentionDays: this.#retentionDays };
      // Then it is read again: what is announced is what is there, whoever has written to it in between.
      if (record) await this.#reveals.settle(record, settledWith(record, ending, at));
      else if (request) {
        const claim = { generation: 1, executionArn, claimedBy: executionArn, nowMs: at.nowMs };
        const claimed = newRecord(request, claim);
        await this.#reveals.claim(changed(claimed, settledWith(claimed, ending, at)), undefined);
      } else return undefined;
    }
  }
}
