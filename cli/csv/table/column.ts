import { profileOf } from '../../../lambdas/reveal/person/profile.ts';
import { InputError } from './input-error.ts';
import { looksLikeAddress } from './read-table.ts';
import { cellText, type Table } from './table.ts';

/** What the cells of a column name. */
export type Kind = 'profile' | 'task';

export interface Column {
  readonly at: number;
  readonly kind: Kind;
}

/** So many cells of a column are looked at. */
const sample = 1_000;

/**
 * Finds the column that says whom to look for: by its name and by what is in it. What is in it counts more, as a name may be anything.
 *
 * @param name as it was given on the command line
 * @param kind as it was given; by default by name and content
 * @throws InputError which lists the columns to choose from
 */
export function findColumn(table: Table, name: string | undefined, kind: Kind | undefined): Column {
  const at = name === undefined ? guessed(table, kind) : named(table.columns, name);
  return { at, kind: kind ?? (isOfTasks(table.columns[at] ?? '') && !holdsProfiles(table, at) ? 'task' : 'profile') };
}

function named(columns: readonly string[], name: string): number {
  const exact = positions(columns, (column) => column === name);
  const found = exact.length > 0 ? exact : positions(columns, (column) => plainName(column) === plainName(name));
  if (found.length === 0)
    throw new InputError('no-column', `There is no column ${quoted(name)}. There is: ${listed(columns)}.`);
  return only(found, columns);
}

function guessed(table: Table, kind: Kind | undefined): number {
  const { columns } = table;
  const profiles = positions(columns, (_, at) => holdsProfiles(table, at));
  const profileNames = positions(columns, isOfProfiles);
  const tasks = positions(columns, isOfTasks).filter((at) => !profiles.includes(at));
  // Of several columns with profiles the one that is called so is meant: the others hold colleagues, or who has sent them.
  const both = profiles.filter((at) => profileNames.includes(at));
  const people = [both.length === 1 ? both : profiles, profileNames].find((some) => some.length > 0) ?? [];
  const found = kind === 'task' ? tasks : kind === 'profile' ? people : [...people, ...tasks];
  if (found.length === 0) {
    throw new InputError(
      'no-column',
      `No column holds profiles or ids of tasks. Name it with --column. There is: ${listed(columns)}.`,
    );
  }
  return only(found, columns);
}

function only(found: readonly number[], columns: readonly string[]): number {
  const [at = 0, ...others] = found;
  if (others.length === 0) return at;
  const candidates = listed(found.map((candidate) => columns[candidate] ?? ''));
  throw new InputError('ambiguous-column', `Several columns may be meant: ${candidates}. Name one with --column.`);
}

/** Whether at least half of what is in a column are addresses of people. */
function holdsProfiles({ rows }: Table, at: number): boolean {
  const cells = rows
    .map((row) => cellText(row[at]))
    .filter((cell) => cell.trim() !== '')
    .slice(0, sample);
  const people = cells.filter((cell) => looksLikeAddress(cell) && profileOf(cell).ok);
  return people.length > 0 && people.length * 2 >= cells.length;
}

const plainName = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const isOfProfiles = (name: string) =>
  /^(?:person|contact|lead|candidate|profile)?(?:linkedin|li)(?:profile|member)?(?:url|link|address|profile|handle|slug|id)?$|^profile(?:url|link)?$/.test(
    plainName(name),
  );
const isOfTasks = (name: string) => /^(?:fiber|reveal|vendor)?tasks?(?:ids?)?$/.test(plainName(name));

const positions = (columns: readonly string[], is: (column: string, at: number) => boolean) =>
  columns.flatMap((column, at) => (is(column, at) ? [at] : []));
const quoted = (name: string) => JSON.stringify(name);
const listed = (names: readonly string[]) => names.map(quoted).join(', ');
