import { inLines } from './in-lines.ts';
import { plain } from './plain-text.ts';

/** A line of what is shown of a reveal. */
export type Field = readonly [name: string, value: unknown];

/**
 * A line for each field that has a value, or several where it does not fit.
 *
 * @param width of the terminal, in characters; undefined where lines may be of any length
 */
export function fieldLines(all: readonly Field[], width?: number): string[] {
  return all
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => linesOf(name, plain(String(value)), width ?? Number.POSITIVE_INFINITY));
}

/** Words go beside the name, below each other. Where one of them is too long for that, all go below the name. */
function linesOf(name: string, value: string, width: number): string[] {
  const start = `  ${name.padEnd(16)} `;
  const room = width - start.length;
  const beside = inLines(value, room);
  if (beside.every(({ length }) => length <= room)) {
    return beside.map((line, at) => (at === 0 ? start : ' '.repeat(start.length)) + line);
  }
  return [`  ${name}`, ...inLines(value, width - 4).map((line) => `    ${line}`)];
}

/** An e-mail address or phone number, with its kind. */
export function contact(entry: unknown): string {
  const { email, number, type } = (entry ?? {}) as Record<string, unknown>;
  const value = String(email ?? number ?? JSON.stringify(entry));
  return type ? `${value} (${type})` : value;
}

/** What was charged, and what was given back. */
export function credits({
  creditsCharged,
  creditsRefunded,
}: {
  creditsCharged?: unknown;
  creditsRefunded?: unknown;
}): string | undefined {
  const figures = [
    typeof creditsCharged === 'number' && `${creditsCharged} credits`,
    typeof creditsRefunded === 'number' && `${creditsRefunded} credits refunded`,
  ];
  return figures.filter(Boolean).join(', ') || undefined;
}

/** What the reading of an answer has left open. */
export function readingFields({ unreadable, lossy }: { unreadable?: unknown; lossy?: unknown }): Field[] {
  return [
    [
      'not read',
      unreadable ? `${unreadable} ${unreadable === 1 ? 'entry' : 'entries'}, kept in the answer` : undefined,
    ],
    ['not exact', lossy ? 'numbers or names of the answer are; the answer is kept as it came' : undefined],
  ];
}
