/**
 * A world in virtual time: workflow waits that end up to a second late, handlers whose clocks differ, a network that takes its time, and a vendor with a
 * limiter. Policies live in it; it counts what they do.
 */
import type { AccountConcurrency } from './concurrency.ts';
import type { Limiter } from './limiters.ts';
import { PerSecond } from './per-second.ts';
import { normal, type Random } from './random.ts';

export type Reveal = {
  readonly priority: 'interactive' | 'bulk';
  readonly startedAt: number;
  readonly finishesAt: number;
  detectedAt: number | undefined;
};

/** A person whose task is still to be started. */
export type Profile = {
  readonly priority: 'interactive' | 'bulk';
  readonly requestedAt: number;
  /** How long its task will take. */
  readonly durationMs: number;
  task: Reveal | undefined;
};

/** What a handler does, by a clock that is off by `skewMs`. It calls `end` once, when it is through. */
export type Handler = (skewMs: number, end: () => void) => void;

export type VendorAnswer = 'done' | 'pending' | 'rejected' | 'refused';

/** How far the clock of a handler is off: standard deviation, milliseconds. */
const skewMs = 200;

export class World {
  now = 0;
  polls = 0;
  rejected = 0;
  startsRejected = 0;
  /** Passes through WaitForSlot, Poll, Next?. */
  loops = 0;
  /** State transitions of Step Functions, its own at the start and the end of an execution included. */
  readonly transitions = new PerSecond();
  /** Writes tried on the item that all reveals share; only ours has one. */
  readonly budgetWrites = new PerSecond();
  readonly random: Random;
  /** Whether the vendor refuses the key at the moment; for tests of bad days. */
  refuses: (ms: number) => boolean = () => false;
  /** Reveals of which an invocation was refused for the last time. */
  lost = 0;
  readonly account: AccountConcurrency;
  private readonly limiter: Limiter;
  private readonly startLimiter: Limiter;
  private readonly queue = new EventQueue();

  /** @param startLimiter the vendor's for starts, which are not polls */
  constructor(limiter: Limiter, random: Random, account: AccountConcurrency, startLimiter: Limiter = () => true) {
    this.limiter = limiter;
    this.startLimiter = startLimiter;
    this.random = random;
    this.account = account;
  }

  /** Run everything that happens before `horizonMs`. */
  run(horizonMs: number): void {
    for (let event = this.queue.pop(); event !== undefined && event.at <= horizonMs; event = this.queue.pop()) {
      this.now = event.at;
      event.run();
    }
  }

  at(ms: number, run: () => void): void {
    this.queue.push({ at: Math.max(this.now, ms), run });
  }

  /** An execution starts. */
  enter(): void {
    this.transitions.add(this.now);
  }

  /**
   * A state starts its handler, and another asks what came of it. The handler is warm mostly, now and then cold. `run` gets the error of its clock, and what it calls when it ends. As long as the account's
   * concurrency is used up, the workflow tries again by the definition's own rules for throttles.
   */
  invoke(run: Handler): void {
    const end = () =>
      this.at(this.now + this.account.writesMs(), () => {
        this.account.release(this.now);
        this.transitions.add(this.now);
      });
    this.start(() => {
      const startMs = this.random() < 0.01 ? 300 + 500 * this.random() : 20 + 60 * this.random();
      this.at(this.now + startMs, () => run(skewMs * normal(this.random), end));
    });
  }

  private start(run: () => void, attempt = 1): void {
    this.transitions.add(this.now);
    if (this.account.take(this.now)) {
      run();
      return;
    }
    const waitMs = this.account.retryAfterMs(attempt);
    if (waitMs === undefined) this.lost++;
    else this.at(this.now + waitMs, () => this.start(run, attempt + 1));
  }

  /** The settle state, and the end: no other reveal waits for it, but it takes its part of the account's concurrency. */
  settle(): void {
    this.start(() =>
      this.at(this.now + this.account.writesMs(), () => {
        this.account.release(this.now);
        this.transitions.add(this.now);
      }),
    );
  }

  /** One pass through the loop: the workflow waits until `ms`, up to a second longer, and starts the poll handler. */
  loop(ms: number, run: Handler): void {
    this.loops++;
    this.transitions.add(this.now);
    this.at(Math.max(this.now, ms) + 1_000 * this.random(), () => this.invoke(run));
  }

  /** One poll; the answer comes back some tens or hundreds of milliseconds later. */
  poll(reveal: Reveal, answered: (answer: VendorAnswer) => void): void {
    this.polls++;
    this.at(this.now + this.networkMs(), () => {
      const answer = this.answerTo(reveal);
      if (answer === 'rejected') this.rejected++;
      this.at(this.now + this.networkMs(), () => {
        if (answer === 'done') reveal.detectedAt ??= this.now;
        answered(answer);
      });
    });
  }

  /** One paid start; a task begins when it arrives. Answered with the task, or with nothing when it was rejected. */
  startTask(profile: Profile, answered: (task: Reveal | undefined) => void): void {
    this.at(this.now + this.networkMs(), () => {
      const { priority, durationMs } = profile;
      if (this.startLimiter(this.now)) {
        profile.task = { priority, startedAt: this.now, finishesAt: this.now + durationMs, detectedAt: undefined };
      } else this.startsRejected++;
      this.at(this.now + this.networkMs(), () => answered(profile.task));
    });
  }

  private answerTo(reveal: Reveal): VendorAnswer {
    if (!this.limiter(this.now)) return 'rejected';
    if (this.refuses(this.now)) return 'refused';
    return this.now >= reveal.finishesAt ? 'done' : 'pending';
  }

  private networkMs(): number {
    return 20 + 80 * this.random() + (this.random() < 0.02 ? 200 * this.random() : 0);
  }
}

type Event = { readonly at: number; readonly run: () => void };

/** A binary heap, earliest first. */
class EventQueue {
  private readonly heap: Event[] = [];

  push(event: Event): void {
    const heap = this.heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.at <= event.at) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  pop(): Event | undefined {
    const heap = this.heap;
    const first = heap[0];
    const moved = heap.pop();
    if (moved === undefined || heap.length === 0) return first;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++;
      if (heap[child]!.at >= moved.at) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
    return first;
  }
}
