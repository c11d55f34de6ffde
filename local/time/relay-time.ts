/**
 * Time inside the embedded relay: that of the machine, plus what was jumped over. While anybody works it runs as it does
 * outside, so that no timeout comes nearer by haste; the waits in between are shortened by {@link FastForward}. All
 * threads share it, since the jumps are counted in shared memory.
 */

// Taken before anything replaces them: see relay-time-globals.ts.
const realNow = Date.now;
const setRealTimer = globalThis.setTimeout;
const clearRealTimer = globalThis.clearTimeout;

/** Node fires at once what is further away than this (2^31 - 1 ms, 24.8 days). */
const longestTimer = 2_147_483_647;

/** What a thread needs to share the clock; survives `workerData`. */
export interface ClockSettings {
  /** By how much waits are divided: 1 is real time, Infinity skips them. */
  readonly speed: number;
  /** One 64-bit integer: milliseconds jumped over so far. */
  readonly jumped: SharedArrayBuffer;
}

export class RelayClock {
  readonly settings: ClockSettings;
  readonly #jumped: BigInt64Array;

  constructor(settings: ClockSettings) {
    this.settings = settings;
    this.#jumped = new BigInt64Array(settings.jumped);
  }

  /** @param speed by how much waits are to be divided, at least 1. @default 1 */
  static start(speed = 1): RelayClock {
    return new RelayClock({ speed, jumped: new SharedArrayBuffer(8) });
  }

  /** Whether this is simply the machine's time. */
  get isReal(): boolean {
    return this.settings.speed === 1;
  }

  /** Milliseconds since 1970 in relay time. */
  readonly now = (): number => realNow() + Number(Atomics.load(this.#jumped, 0));

  /** Moves every thread's clock forward. Timers notice when their own thread calls {@link RelayTimers.catchUp}. */
  jump(milliseconds: number): void {
    Atomics.add(this.#jumped, 0, BigInt(Math.ceil(milliseconds)));
  }
}

/** Understood by whoever expects one of Node's timers. Relay timers keep their thread alive either way. */
export interface RelayTimer {
  readonly due: number;
  ref(): RelayTimer;
  unref(): RelayTimer;
}

interface PendingTimer extends RelayTimer {
  /** Undefined once it was cleared or has fired. */
  fire: (() => void) | undefined;
}

/** `setTimeout` in relay time. Never early, not even by the millisecond that Node allows itself. */
export class RelayTimers {
  readonly #clock: RelayClock;
  /** The next one last. Cleared timers stay until it is their turn. */
  readonly #queue: PendingTimer[] = [];
  #real: NodeJS.Timeout | undefined;
  #size = 0;

  /** Called after a timer was set, cleared or has fired. */
  onChange: () => void = () => {};

  constructor(clock: RelayClock) {
    this.#clock = clock;
  }

  /** How many timers are waiting. */
  get size(): number {
    return this.#size;
  }

  /** When the next timer is due, in milliseconds since 1970 of relay time. */
  get nextDue(): number | undefined {
    while (this.#queue.length > 0 && !this.#queue.at(-1)?.fire) this.#queue.pop();
    return this.#queue.at(-1)?.due;
  }

  set(callback: () => void, milliseconds: number): RelayTimer {
    const due = this.#clock.now() + Math.max(0, milliseconds || 0);
    const timer: PendingTimer = { due, fire: callback, ref: () => timer, unref: () => timer };
    this.#queue.splice(this.#firstNotAfter(due), 0, timer);
    this.#size++;
    if (this.#queue.at(-1) === timer) this.#arm();
    this.onChange();
    return timer;
  }

  clear(timer: RelayTimer | undefined): void {
    const pending = timer as Partial<PendingTimer> | undefined;
    if (!pending?.fire) return;
    pending.fire = undefined;
    this.#size--;
    this.#arm();
    this.onChange();
  }

  /** Fires what is due, which after a jump of the clock is more than Node knows of. */
  catchUp(): void {
    for (let due = this.nextDue; due !== undefined && due <= this.#clock.now(); due = this.nextDue) {
      const { fire } = this.#queue.pop() as PendingTimer;
      this.#size--;
      this.onChange();
      fire?.();
    }
    this.#arm();
  }

  clearAll(): void {
    this.#queue.length = 0;
    this.#size = 0;
    this.#arm();
  }

  #arm(): void {
    clearRealTimer(this.#real);
    const due = this.nextDue;
    if (due === undefined) return;
    const wait = Math.min(Math.max(due - this.#clock.now(), 0), longestTimer);
    this.#real = setRealTimer(() => this.catchUp(), wait);
  }

  /** Where to put a timer so that those due at the same time fire in the order in which they were set. */
  #firstNotAfter(due: number): number {
    let from = 0;
    let to = this.#queue.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#queue[middle]?.due ?? 0) > due) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
