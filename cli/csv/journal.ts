import { createHash } from 'node:crypto';
import { jsonObject } from '../json-object.ts';
import { isRevealId } from '../reveal-id.ts';

/** A reveal that the relay has taken on, for one person of the list. */
export interface Taken {
  /** The place of the person in the list. */
  readonly person: number;
  readonly revealId: string;
  readonly generation: number;
  /** Kinds that a stored result was not asked for. */
  readonly missing: readonly string[];
}

/**
 * What a run has asked for, so that the next one goes on with it: ids and places in the list, no contact data. It lies beside the file that is
 * to be written until that is there.
 */
export interface Journal {
  /** ISO 8601, UTC: when the first run began. */
  readonly began: string;
  /** Of the input and of what was asked for. */
  readonly fingerprint: string;
  /** Places of those who were there before the first run, and cost it nothing. */
  readonly known: ReadonlySet<number>;
  readonly taken: readonly Taken[];
}

/** What a journal begins with. */
const version = 1;

/** A hash of whatever makes a run another run. */
export function fingerprintOf(bytes: Uint8Array, asked: object): string {
  return createHash('sha256').update(JSON.stringify(asked)).update('\n').update(bytes).digest('hex');
}

/** The name under which the relay knows this run: what is paid for is asked for once under the same key. */
export function keyOf({ began, fingerprint }: Pick<Journal, 'began' | 'fingerprint'>): string {
  return `csv-${createHash('sha256').update(`${began}\n${fingerprint}`).digest('hex').slice(0, 40)}`;
}

/** The first line. */
export function openingLine({ began, fingerprint, known }: Omit<Journal, 'taken'>): string {
  return `${JSON.stringify({ journal: version, began, fingerprint, known: [...known] })}\n`;
}

/** A line for what the relay has taken on at once. */
export function takenLine(taken: readonly Taken[]): string {
  return `${JSON.stringify({ taken: taken.map(({ person, revealId, generation, missing }) => [person, revealId, generation, ...missing]) })}\n`;
}

/**
 * Reads a journal as far as it is whole: the process that wrote it may have ended in the middle of a line.
 *
 * @returns the journal and the bytes of its whole lines, `torn` where not even the first line is whole, or `foreign` for another file
 */
export function readJournal(text: string): { readonly journal: Journal; readonly bytes: number } | 'torn' | 'foreign' {
  const lines = text.split('\n').slice(0, -1);
  const [first, ...rest] = lines;
  const start = `{"journal":${version},`;
  if (first === undefined) return start.startsWith(text.slice(0, start.length)) ? 'torn' : 'foreign';
  const opening = openingIn(first);
  if (!opening) return 'foreign';
  const taken: Taken[] = [];
  let bytes = Buffer.byteLength(first) + 1;
  for (const line of rest) {
    const more = takenIn(line);
    if (!more) break;
    taken.push(...more);
    bytes += Buffer.byteLength(line) + 1;
  }
  return { journal: { ...opening, taken }, bytes };
}

function openingIn(line: string): Omit<Journal, 'taken'> | undefined {
  const { journal, began, fingerprint, known } = jsonObject(line) ?? {};
  const isOpening = journal === version && typeof began === 'string' && typeof fingerprint === 'string';
  if (!isOpening || !Array.isArray(known)) return undefined;
  return { began, fingerprint, known: new Set(known.map(Number)) };
}

function takenIn(line: string): Taken[] | undefined {
  const { taken } = jsonObject(line) ?? {};
  if (!Array.isArray(taken)) return undefined;
  return taken.flatMap((entry) => {
    const [person, revealId, generation, ...missing] = Array.isArray(entry) ? entry : [];
    return isRevealId(revealId)
      ? [{ person: Number(person), revealId, generation: Number(generation), missing: missing.map(String) }]
      : [];
  });
}
