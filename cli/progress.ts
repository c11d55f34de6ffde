import { clockTime } from './duration.ts';
import { plain } from './plain-text.ts';

/** What is known of a running reveal. */
export interface RevealProgress {
  /** The state that the execution is in. */
  readonly state: string;
  readonly vendorStatus?: string | undefined;
  readonly polls: number;
  /** Milliseconds since 1970 of relay time. */
  readonly nextPollAt?: number | undefined;
  /** Why nobody polls at the moment. */
  readonly pausedBecause?: string | undefined;
}

/** What {@link ProgressView} writes to: a terminal, a pipe or a test. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Characters that fit into a line of it; undefined where lines may be of any length. */
export const widthOf = ({ isTTY, columns }: Screen) => (isTTY ? columns || 80 : undefined);

const counted = (polls: number) => `${polls} ${polls === 1 ? 'poll' : 'polls'}`;

/** How often a terminal is redrawn, in milliseconds. */
const redrawEvery = 100;

/** Shows a reveal as it goes: one line that changes on a terminal, a line for each change elsewhere. */
export class ProgressView {
  readonly #screen: Screen;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #redraw: NodeJS.Timeout | undefined;
  #progress: RevealProgress = { state: 'starting', polls: 0 };
  readonly #seen = new Set<string>();

  /** @param now relay time, in milliseconds since 1970 */
  constructor(screen: Screen, now: () => number) {
    this.#screen = screen;
    this.#now = now;
    this.#startedAt = now();
    if (screen.isTTY) this.#redraw = setInterval(() => this.#draw(), redrawEvery).unref();
  }

  show(progress: RevealProgress): void {
    this.#progress = progress;
    this.#draw();
  }

  /** Writes a line that stays, once, above the one that changes. */
  say(news: string): void {
    if (this.#seen.has(`said ${news}`)) return;
    this.#seen.add(`said ${news}`);
    const line = `  ${this.#sinceStart()}  ${news}\n`;
    this.#screen.write(this.#screen.isTTY ? `\r\u001b[K${line}` : line);
  }

  stop(): void {
    clearInterval(this.#redraw);
    if (this.#screen.isTTY) this.#screen.write('\r\u001b[K');
  }

  #draw(): void {
    const { state, vendorStatus, polls, nextPollAt, pausedBecause } = this.#progress;
    const now = this.#now();
    const wait =
      nextPollAt !== undefined && nextPollAt > now ? `next poll in ${clockTime((nextPollAt - now) / 1_000)}` : '';
    const what = [state.padEnd(17), plain(vendorStatus ?? '').padEnd(21), counted(polls).padEnd(10)].join(' ');
    const paused = pausedBecause ? `paused: ${pausedBecause}` : '';
    const line = [what, [paused, wait].filter(Boolean).join('  ')].join(' ').trimEnd();
    const stamped = `  ${this.#sinceStart()}  ${line}`;
    if (this.#screen.isTTY) {
      const room = (this.#screen.columns || 80) - 1;
      // Where the columns do not fit, what changes from poll to poll is worth more than where the workflow is.
      const short = `${paused || plain(vendorStatus ?? state)}  ${counted(polls)}${wait.replace('next poll in', ', next')}`;
      const fitting = [stamped, `${this.#sinceStart().trim()}  ${short}`].find(({ length }) => length <= room);
      this.#screen.write(`\r\u001b[K${(fitting ?? short).slice(0, room)}`);
      return;
    }
    // The wait counts down all the time, and the states go round: a new line is for news.
    const news = [`state ${state}`, `record ${vendorStatus} ${polls} ${pausedBecause}`].filter(
      (item) => !this.#seen.has(item),
    );
    if (news.length === 0) return;
    for (const item of news) this.#seen.add(item);
    this.#screen.write(`${stamped}\n`);
  }

  #sinceStart(): string {
    return clockTime((this.#now() - this.#startedAt) / 1_000).padStart(6);
  }
}
