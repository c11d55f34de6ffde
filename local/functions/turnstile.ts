/** Lets so many in at a time, in the order in which they came. Those inside that only sleep take up no place. */
export class Turnstile {
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  #sleeping = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** How many of those inside sleep. Whoever wakes up stays inside, though others have come in meanwhile. */
  set sleeping(sleeping: number) {
    this.#sleeping = sleeping;
    this.#letIn();
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#hasRoom) this.#inside += 1;
    else await new Promise<void>((letIn) => this.#waiting.push(letIn));
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      this.#letIn();
    }
  }

  get #hasRoom(): boolean {
    return this.#inside - this.#sleeping < this.#places;
  }

  #letIn(): void {
    while (this.#waiting.length > 0 && this.#hasRoom) {
      this.#inside += 1;
      this.#waiting.shift()?.();
    }
  }
}
