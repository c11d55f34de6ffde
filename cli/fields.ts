import { plain } from './plain-text.ts';

/** A line of what is shown of a reveal. */
export type Field = readonly [name: string, value: unknown];

/** A line for each field that has a value. */
export function fieldLines(all: readonly Field[]): string[] {
  return all
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name.padEnd(16)} ${plain(String(value))}`);
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
