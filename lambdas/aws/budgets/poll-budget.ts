import { budgetKey } from '../../contract.ts';
import type { Decision } from '../../polling/budget/decision.ts';
import type { Item } from '../../polling/budget/moves.ts';
import { belief, forgetMoves, observeMoves } from '../../polling/durations.ts';
import type { Context, Slot } from '../../polling/polling-state.ts';
import { type PriceCurve, priceCurve } from '../../polling/price-curve.ts';
import type { Polls } from '../../polling/starts.ts';
import { learnedForMs } from '../../polling/tuning.ts';
import { type BudgetOptions, RateBudget } from './rate-budget.ts';
import { SharedItem } from './shared-item.ts';

/** The poll budget of one API key: the shared item on which it is decided who polls when, and what was learned of durations. */
export class PollBudget {
  readonly #budget: RateBudget;
  readonly #durations: SharedItem;
  readonly #now: () => number;
  #learned: { item: Item; curve: PriceCurve; atMs: number } | undefined;

  constructor(options: BudgetOptions) {
    this.#budget = new RateBudget(budgetKey.budget, options);
    this.#durations = new SharedItem(options.table, budgetKey.durations, options.documents);
    this.#now = options.now;
  }

  /** Takes one decision, as of now. */
  async decide<Result>(rule: (context: Context) => Decision<Result>): Promise<Result> {
    const { curve } = await this.#durationsKnown();
    return this.#budget.decide((context) => rule({ ...context, curve }));
  }

  /** Asks for a slot and sleeps until it: see `RateBudget.reach`. */
  async reach<Other extends { kind: string } | undefined>(
    ask: (context: Context) => Decision<Slot | Other>,
  ): Promise<Slot | Other | 'missed'> {
    const { curve } = await this.#durationsKnown();
    return this.#budget.reach((context) => ask({ ...context, curve }));
  }

  /** The budget as it is now, for those who must not be faster than it. */
  async known(): Promise<Polls> {
    const { curve } = await this.#durationsKnown();
    return { limits: this.#budget.context().limits, curve, item: await this.#budget.read() };
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
