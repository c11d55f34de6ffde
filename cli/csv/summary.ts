import { plain } from '../plain-text.ts';
import { roughly, secondsFor } from './estimate.ts';
import { type Findings, hasContacts } from './findings.ts';
import type { Preview } from './preview.ts';
import { count } from './progress-bar.ts';
import type { Kind } from './table/column.ts';

export interface Outlook {
  /** As the input is called. */
  readonly name: string;
  readonly column: string;
  readonly kind: Kind;
  readonly rows: number;
  /** Everybody once. */
  readonly people: number;
  /** Rows that name nobody. */
  readonly nobody: number;
  /** What an earlier run has asked for already. */
  readonly asked: number;
  readonly preview: Preview;
  readonly maxCredits: number | undefined;
  /** Why the relay starts nothing at the moment. */
  readonly paused: string | undefined;
}

/** What a list is going to come to, before anything is paid for. */
export function outlookText(outlook: Outlook): string {
  const { name, column, kind, rows, people, nobody, asked, preview, paused } = outlook;
  const { known, running, toStart, refused } = preview;
  const [one, many] = kind === 'task' ? ['task', 'tasks'] : ['person', 'persons'];
  const are = (number: number) => (number === 1 ? 'is' : 'are');
  const lines = [
    `${plain(name)}: ${count(rows)} ${rows === 1 ? 'row' : 'rows'}, ${kind === 'task' ? 'tasks' : 'profiles'} in the column ${plain(JSON.stringify(column))}`,
    `${count(people)} different ${people === 1 ? one : many}${nobody > 0 ? `, and ${count(nobody)} ${nobody === 1 ? 'row' : 'rows'} without one that can be read` : ''}`,
    asked > 0 && `${count(asked)} ${are(asked)} asked for already, by the run that this one goes on with`,
    known.size > 0 &&
      `${count(known.size)} ${are(known.size)} known already${running > 0 ? ` (${count(running)} of them running)` : ''}, at no cost`,
    refused > 0 && `${count(refused)} ${are(refused)} refused by the relay`,
    toStart > 0 && `${count(toStart)} ${are(toStart)} to be looked for: ${costOf(outlook)}, ${timeOf(outlook)}`,
    toStart > 0 &&
      paused !== undefined &&
      `The relay starts nothing at the moment: ${plain(paused)}. See: npm run reveal -- starts`,
  ];
  return lines
    .filter(Boolean)
    .map((line, at) => `${at === 0 ? '' : '  '}${line}\n`)
    .join('');
}

function costOf({ preview: { credits }, maxCredits }: Outlook): string {
  if (credits === 0) return 'at no cost';
  const most =
    maxCredits !== undefined && maxCredits < credits ? `, of which --max-credits allows ${count(maxCredits)}` : '';
  return `${count(credits)} credits at the most by list price${most}`;
}

function timeOf({ kind, preview: { toStart, running } }: Outlook): string {
  const seconds =
    kind === 'task'
      ? secondsFor({ starts: 0, polled: toStart + running })
      : secondsFor({ starts: toStart, polled: running });
  return `about ${roughly(seconds)}`;
}

export function questionOf({ preview: { toStart, credits }, maxCredits = credits }: Outlook): string {
  const cost = Math.min(credits, maxCredits);
  return `Look for ${count(toStart)}, for up to ${count(cost)} credits?`;
}

/** What a list has come to. @param found for each row */
export function closingText(name: string, found: readonly Findings[]): string {
  const withContacts = found.filter(hasContacts).length;
  const nothing = found.filter((one) => one.status === 'completed' && !hasContacts(one)).length;
  const credits = found.reduce((sum, one) => sum + (one.credits ?? 0), 0);
  const failed = found.length - withContacts - nothing;
  return `${plain(name)}: ${count(found.length)} ${found.length === 1 ? 'row' : 'rows'}, ${count(withContacts)} found, ${count(nothing)} nothing, ${count(failed)} failed, ${count(credits)} credits\n`;
}
