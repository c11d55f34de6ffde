/** The account's Lambda concurrency, and what the workflow does when it is used up. */
import { type Retrier, throttled } from '../../lib/workflow/retriers.ts';
import type { Random } from './random.ts';

/** Step Functions starts an attempt up to this much later than the Retry says, as it does at the end of a Wait. */
const lateMs = 1_000;

export class AccountConcurrency {
  /** Attempts after a throttle, each of which is a state transition. */
  retries = 0;
  private readonly limit: number;
  private readonly retrier: Retrier;
  private readonly random: Random;
  private running = 0;
  private changedAt = 0;
  /** How long so many handlers ran at once, in milliseconds. */
  private readonly heldMs: number[] = [];

  /**
   * @param limit how many handlers may run at once
   * @param retrier what the workflow does about a throttle; by default what the definition says
   */
  constructor(limit: number, random: Random, retrier: Retrier = throttled) {
    this.limit = limit;
    this.random = random;
    this.retrier = retrier;
  }

  /** Takes one concurrent execution, or answers false: the invocation is throttled. */
  take(now: number): boolean {
    if (this.running >= this.limit) return false;
    this.note(now);
    this.running++;
    return true;
  }

  release(now: number): void {
    this.note(now);
    this.running--;
  }

  /** When the workflow tries again after the attempt of this number, in milliseconds; undefined: it does not. */
  retryAfterMs(attempt: number): number | undefined {
    const { intervalSeconds, backoffRate, maxAttempts, maxDelaySeconds, jitter } = this.retrier;
    if (attempt > maxAttempts) return undefined;
    this.retries++;
    const seconds = Math.min(maxDelaySeconds, intervalSeconds * backoffRate ** (attempt - 1));
    return 1_000 * seconds * (jitter === 'FULL' ? this.random() : 1) + lateMs * this.random();
  }

  /** What a handler still has to write once it knows what is next. */
  writesMs(): number {
    return 20 + 60 * this.random();
  }

  /** The number of handlers at once that was not exceeded in this part of the time in which any ran. */
  quantile(part: number): number {
    const total = this.heldMs.reduce((sum, ms) => sum + (ms ?? 0), 0);
    let ms = 0;
    for (const [running, held] of this.heldMs.entries()) {
      ms += held ?? 0;
      if (ms >= part * total) return running;
    }
    return 0;
  }

  private note(now: number): void {
    if (this.running > 0) this.heldMs[this.running] = (this.heldMs[this.running] ?? 0) + now - this.changedAt;
    this.changedAt = now;
  }
}
