import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { budgetKey } from '../contract.ts';
import { type Decision, decide } from '../polling/decision.ts';
import { belief, forgetMoves, observeMoves } from '../polling/durations.ts';
import type { RateLimits } from '../polling/limits.ts';
import type { Item } from '../polling/moves.ts';
import { type Context, isSlot, type Slot } from '../polling/polling-state.ts';
import { type PriceCurve, priceCurve } from '../polling/price-curve.ts';
import { slotStillGood } from '../polling/slots.ts';
import { learnedForMs, mostSlotsMissed } from '../polling/tuning.ts';
import { SharedItem } from './shared-item.ts';

/** The poll budget of one API key: the shared item on which it is decided who polls when, and what was learned of durations. */
export class PollBudget {
  readonly limits: RateLimits;
  readonly #budget: SharedItem;
  readonly #durations: SharedItem;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #sleep: (ms: number) => Promise<unknown>;
  #learned: { item: Item; curve: PriceCurve; atMs: number } | undefined;

  constructor(options: {
    table: string;
    documents: DynamoDBDocumentClient;
    limits: RateLimits;
    now: () => number;
    random: () => number;
    sleep: (ms: number) => Promise<unknown>;
  }) {
    this.limits = options.limits;
    this.#budget = new SharedItem(options.table, budgetKey.budget, options.documents);
    this.#durations = new SharedItem(options.table, budgetKey.durations, options.documents);
    this.#now = options.now;
    this.#random = options.random;
    this.#sleep = options.sleep;
  }

  /** Takes one decision, as of now. */
  async decide<Result>(rule: (context: Context) => Decision<Result>): Promise<Result> {
    const { curve } = await this.#durationsKnown();
    const context = { limits: this.limits, curve, now: this.#now(), random: this.#random };
    return decide(rule(context), (moves) => this.#budget.apply(moves));
  }

  /**
   * Asks for a slot and sleeps until it. Answers what the rule says in place of one, or `missed`: the slots that it got went by
   * unused, because this machine is slow or its clock is wrong, and somebody else may take the next one.
   */
  async reach<Other extends { kind: string } | undefined>(
    ask: (context: Context) => Decision<Slot | Other>,
  ): Promise<Slot | Other | 'missed'> {
    for (let missed = 0; missed < mostSlotsMissed; missed += 1) {
      const slot = await this.decide(ask);
      if (!isSlot(slot)) return slot;
      const early = slot.pollAt - this.#now();
      if (early > 0) await this.#sleep(early);
      // Who slept may have been overtaken by a cool-down or a pause.
      const item = early > 1_000 ? await this.#budget.read() : slot.item;
      if (slotStillGood(item, slot.pollAt, this.#now(), slot.probe)) return slot;
    }
    return 'missed';
  }

  /** Notes that a task was found finished at one age and was not yet at another. */
  async learn({ fromSeconds, toSeconds }: { fromSeconds: number; toSeconds: number }): Promise<void> {
    const { item: known } = await this.#durationsKnown();
    const { item } = await this.#durations.apply(observeMoves(known, fromSeconds, toSeconds));
    const forget = forgetMoves(item);
    if (forget.length > 0) await this.#durations.apply(forget);
  }

  async #durationsKnown(): Promise<{ item: Item; curve: PriceCurve }> {
    const atMs = this.#now();
    if (!this.#learned || atMs - this.#learned.atMs > learnedForMs) {
      const item = await this.#durations.read();
      this.#learned = { item, curve: priceCurve(belief(item)), atMs };
    }
    return this.#learned;
  }
}
