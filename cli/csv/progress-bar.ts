import { styleText } from 'node:util';
import { clockTime } from '../duration.ts';
import type { Screen } from '../progress.ts';
import { secondsLeft } from './estimate.ts';
import type { Tally } from './run.ts';

/** How often a terminal is redrawn, and a line is written elsewhere, in milliseconds. */
const [redrawEvery, lineEvery] = [100, 30_000];
const longestBar = 24;
const shortestBar = 6;

type Paint = (format: 'green' | 'dim' | 'red', text: string) => string;

/** How a run goes: one line that changes on a terminal, a line now and then elsewhere. Counts only. */
export class ProgressBar {
  readonly #screen: Screen;
  readonly #now: () => number;
  readonly #paint: Paint;
  #startedAt: number | undefined;
  #endedBefore = 0;
  #shownAt = Number.NEGATIVE_INFINITY;
  #last: Tally | undefined;

  /** @param now Unix milliseconds */
  constructor(screen: Screen, now: () => number, hasColor: boolean) {
    this.#screen = screen;
    this.#now = now;
    // The stream was looked at already.
    this.#paint = hasColor ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text;
  }

  show(tally: Tally): void {
    this.#last = tally;
    const now = this.#now();
    // What an earlier run had done says nothing of the pace of this one.
    if (this.#startedAt === undefined) [this.#startedAt, this.#endedBefore] = [now, endedIn(tally)];
    if (now - this.#shownAt < (this.#screen.isTTY ? redrawEvery : lineEvery)) return;
    this.#shownAt = now;
    this.#write(tally);
  }

  /** Leaves the last line as it is. */
  stop(): void {
    if (this.#last && this.#startedAt !== undefined) this.#write(this.#last);
    if (this.#last && this.#screen.isTTY) this.#screen.write('\n');
    this.#last = undefined;
  }

  #write(tally: Tally): void {
    const elapsed = (this.#now() - (this.#startedAt ?? 0)) / 1_000;
    const left = secondsLeft(endedIn(tally) - this.#endedBefore, tally.total - endedIn(tally), elapsed);
    if (this.#screen.isTTY) {
      this.#screen.write(`\r\u001b[K${barLine(tally, left, (this.#screen.columns || 80) - 1, this.#paint)}`);
    } else this.#screen.write(`${plainLine(tally, left)}\n`);
  }
}

const endedIn = ({ found, nothing, failed }: Tally) => found + nothing + failed;

/** @param left seconds */
export function plainLine(tally: Tally, left: number): string {
  const ended = endedIn(tally);
  const { found, nothing, failed, credits, total } = tally;
  const toGo = total - ended;
  const rest = toGo > 0 ? `, ${count(toGo)} to go, about ${clockTime(left)} left` : '';
  return `${count(ended)} of ${count(total)}: ${count(found)} found, ${count(nothing)} nothing, ${count(failed)} failed, ${count(credits)} credits${rest}`;
}

/** The line of a terminal that is so many columns wide. What matters least is left out first. @param left seconds */
export function barLine(tally: Tally, left: number, columns: number, paint: Paint = (_, text) => text): string {
  const ended = endedIn(tally);
  const { found, nothing, failed, credits, total } = tally;
  // In the order in which they stand; the number says how soon a part is missed.
  const parts: [missed: number, text: string][] = [
    [0, `${count(ended)}/${count(total)}`],
    [1, `found ${count(found)}`],
    [3, `nothing ${count(nothing)}`],
    [2, `failed ${count(failed)}`],
    [6, `backlog ${count(total - ended)}`],
    [5, `${count(credits)} credits`],
    [4, `ETA ${clockTime(left)}`],
  ];
  const lengthOf = (some: typeof parts) => some.map(([, text]) => text).join('  ').length;
  let shown = parts;
  for (let most = 6; lengthOf(shown) > columns && most > 0; most -= 1)
    shown = parts.filter(([missed]) => missed < most);
  const texts = shown.map(([missed, text]) => (missed === 2 && failed > 0 ? paint('red', text) : text));
  const size = Math.min(longestBar, columns - lengthOf(shown) - 2);
  if (size < shortestBar) return texts.join('  ');
  const filled = total === 0 ? size : Math.floor((ended / total) * size);
  return [`${paint('green', '━'.repeat(filled))}${paint('dim', '─'.repeat(size - filled))}`, ...texts].join('  ');
}

export const count = (value: number) => value.toLocaleString('en-US');
