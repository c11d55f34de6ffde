import { describeProblem } from '../../client/client-text.ts';
import { type Answer, type Relay, RelayError } from './relay.ts';

/** So often a request is sent again that was not answered, or answered with "later". With the waits below, that is a quarter of an hour. */
const mostTries = 32;
/** In milliseconds: the first wait, which doubles, and the longest. The API asks for 5 s where it answers 503. */
const waits = { first: 1_000, longest: 30_000 } as const;

/**
 * A relay that is restarted, throttled or busy is asked again. Every request of this command may be sent twice: who asks for a
 * reveal again attaches to it.
 */
export class PatientRelay implements Relay {
  readonly #relay: Relay;
  readonly #sleep: (ms: number) => Promise<unknown>;
  readonly #isUnreachable: (error: unknown) => boolean;
  #hasAnswered = false;

  /**
   * @param isUnreachable whether an error says that there was no answer
   * @param sleep rejects when the command is interrupted
   */
  constructor(relay: Relay, isUnreachable: (error: unknown) => boolean, sleep: (ms: number) => Promise<unknown>) {
    this.#relay = relay;
    this.#isUnreachable = isUnreachable;
    this.#sleep = sleep;
  }

  /**
   * @returns any answer below 400, and 404
   * @throws RelayError for what waiting does not mend
   */
  async call(...request: Parameters<Relay['call']>): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#try(request, tries);
      if (answer && (answer.status < 400 || answer.status === 404)) return answer;
      if (answer && (!isForLater(answer.status) || tries === mostTries)) {
        throw new RelayError(describeProblem(answer.status, answer.body).trimEnd());
      }
      await this.#sleep(Math.min(waits.longest, waits.first * 2 ** (tries - 1)));
    }
  }

  async #try(request: Parameters<Relay['call']>, tries: number): Promise<Answer | undefined> {
    try {
      const answer = await this.#relay.call(...request);
      this.#hasAnswered = true;
      return answer;
    } catch (error) {
      // One that has never answered is more likely to be somewhere else than to be busy.
      if (!this.#isUnreachable(error)) throw error;
      if (!this.#hasAnswered || tries === mostTries) throw new RelayError((error as Error).message);
      return undefined;
    }
  }
}

const isForLater = (status: number) => status === 429 || status >= 500;
