import type { RelayClock } from './relay-time.ts';

/** Something with its own timers: the state machine, a handler, the relay itself. */
export interface TimedPart {
  /** Whether nothing happens here before {@link nextDue}. */
  readonly idle: boolean;
  /** When it wakes up next, in milliseconds since 1970 of relay time. */
  readonly nextDue: number | undefined;
  /** Called after the clock has jumped. */
  catchUp(): void;
  /**
   * Resolves when its thread is there to be asked. A thread that is starting or computing answers late; one that waits for an
   * answer of somebody else, at once.
   * @default it is at any time
   */
  isAwake?(): Promise<void>;
}

export interface FastForwardOptions {
  readonly clock: RelayClock;
  readonly parts: () => readonly TimedPart[];
  /**
   * After how many milliseconds without a sign of life a part that is at work, and awake, is taken to wait for something that
   * will not come, such as the answer of a connection that hangs. Then time goes on, to the timeout that ends it.
   */
  readonly stillAfterMs: number;
  /** Called whenever the clock has jumped. @default nobody is told */
  readonly onJump?: () => void;
}

/** For how many times as long a part that is not awake is waited for: it may compute for ever, which its timeout ends. */
const patience = 60;

/** How often time is moved on at a finite speed, in real milliseconds, where no wait ends before. Short enough to look like a clock. */
const tick = 25;

/**
 * Shortens the time in which nothing would happen: while every part only waits, the clock runs N times as fast, or at
 * once jumps to the next timer of any part. While anybody works it runs as it does outside. Temporal's test server does
 * the same.
 */
export class FastForward {
  readonly #options: FastForwardOptions;
  #planned: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waiters = 0;
  #still = false;
  /** Signs of life so far. */
  #signs = 0;

  constructor(options: FastForwardOptions) {
    this.#options = options;
  }

  /** At infinite speed, time jumps only while somebody waits for a result: else it would be over before it is looked at. */
  async during<T>(awaited: Promise<T>): Promise<T> {
    this.#waiters++;
    this.noteActivity();
    try {
      return await awaited;
    } finally {
      this.#waiters--;
    }
  }

  /** To be called whenever something happened anywhere: time runs normally until everybody is found idle. */
  readonly noteActivity = (): void => {
    this.#still = false;
    this.#signs += 1;
    clearTimeout(this.#timer);
    // One turn later, so that whatever has just been told to this thread is done with first.
    this.#planned ??= setImmediate(() => {
      this.#planned = undefined;
      this.#look();
    });
  };

  stop(): void {
    clearImmediate(this.#planned);
    clearTimeout(this.#timer);
  }

  #look(): void {
    const { clock, parts, stillAfterMs } = this.#options;
    const { speed } = clock.settings;
    clearTimeout(this.#timer);
    if (speed === Number.POSITIVE_INFINITY && this.#waiters === 0) return;
    if (!this.#still && !parts().every(({ idle }) => idle)) {
      this.#timer = setTimeout(() => void this.#expectNothing(), stillAfterMs);
      return;
    }
    const due = Math.min(...parts().flatMap(({ nextDue }) => nextDue ?? []));
    if (due === Number.POSITIVE_INFINITY) return;
    if (speed === Number.POSITIVE_INFINITY && due > clock.now()) {
      // Whatever is due now makes itself heard, and then we look again.
      this.#jump(due - clock.now());
      return;
    }
    const left = due - clock.now();
    // Slots are 250 ms apart: at a high speed, thousands of them would each wait for the end of a tick.
    const next = left > 0 ? Math.min(tick, left / speed) : tick;
    this.#timer = setTimeout(() => {
      this.#jump(Math.min(next * (speed - 1), due - clock.now()));
      this.#look();
    }, next);
  }

  /** On a busy machine it may be still because nobody gets to do anything: so all who are at work are asked first. */
  async #expectNothing(): Promise<void> {
    const signs = this.#signs;
    const { parts, stillAfterMs } = this.#options;
    const awake = parts().flatMap((part) => (part.idle ? [] : (part.isAwake?.() ?? [])));
    const tooLong = new Promise<void>((resolve) => {
      this.#timer = setTimeout(resolve, patience * stillAfterMs);
    });
    await Promise.race([Promise.all(awake), tooLong]);
    if (this.#signs !== signs) return;
    clearTimeout(this.#timer);
    this.#still = true;
    this.#look();
  }

  #jump(milliseconds: number): void {
    if (milliseconds > 0) {
      this.#options.clock.jump(milliseconds);
      this.#options.onJump?.();
    }
    for (const part of this.#options.parts()) part.catchUp();
  }
}
