import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Decision, decide } from '../../polling/budget/decision.ts';
import type { RateLimits } from '../../polling/budget/limits.ts';
import type { Item } from '../../polling/budget/moves.ts';
import { slotStillGood } from '../../polling/budget/slots.ts';
import { isSlot, type RateContext, type Slot } from '../../polling/polling-state.ts';
import { mostSlotsMissed } from '../../polling/tuning.ts';
import { SharedItem } from './shared-item.ts';

export interface BudgetOptions {
  table: string;
  documents: DynamoDBDocumentClient;
  limits: RateLimits;
  now: () => number;
  random: () => number;
  sleep: (ms: number) => Promise<unknown>;
}

/** What one API key may ask of one endpoint of the vendor: the shared item on which it is decided who asks when. */
export class RateBudget {
  readonly #limits: RateLimits;
  readonly #item: SharedItem;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #sleep: (ms: number) => Promise<unknown>;

  /** @param id of the item in the table */
  constructor(id: string, options: BudgetOptions) {
    this.#limits = options.limits;
    this.#item = new SharedItem(options.table, id, options.documents);
    this.#now = options.now;
    this.#random = options.random;
    this.#sleep = options.sleep;
  }

  /** What a decision needs to know, as of now. */
  context(): RateContext {
    return { limits: this.#limits, now: this.#now(), random: this.#random };
  }

  /** Takes one decision, as of now. */
  async decide<Result>(rule: (context: RateContext) => Decision<Result>): Promise<Result> {
    return decide(rule(this.context()), (moves) => this.#item.apply(moves));
  }

  /** The item as it is now. */
  read(): Promise<Item> {
    return this.#item.read();
  }

  /**
   * Sleeps until a slot that a rule grants. Answers what the rule says in place of one, or `missed`: the slots that it got went by
   * unused, because this machine is slow or its clock is wrong, and somebody else may take the next one.
   */
  async reach<Other extends { kind: string } | undefined>(
    ask: (context: RateContext) => Decision<Slot | Other>,
  ): Promise<Slot | Other | 'missed'> {
    for (let missed = 0; missed < mostSlotsMissed; missed += 1) {
      const slot = await this.decide(ask);
      if (!isSlot(slot)) return slot;
      const early = slot.pollAt - this.#now();
      if (early > 0) await this.#sleep(early);
      // Who slept may have been overtaken by a cool-down or a pause.
      const item = early > 1_000 ? await this.#item.read() : slot.item;
      if (slotStillGood(item, slot.pollAt, this.#now(), slot.probe)) return slot;
    }
    return 'missed';
  }
}
