import { profileOf } from '../../lambdas/reveal/person/profile.ts';
import { isRevealId } from '../reveal-id.ts';
import type { Kind } from './table/column.ts';

/** Somebody to look for, or a task to wait for, as the API takes it. Contact data. */
export type Wanted = { readonly linkedinUrl: string } | { readonly taskId: string };

/** Whom a row is about: somebody of the list, or nobody, and why. */
export type RowSubject = { readonly person: number } | { readonly refused: string };

export interface People {
  /** Everybody once, in the order of the rows. */
  readonly wanted: readonly Wanted[];
  /** For each row. */
  readonly subjects: readonly RowSubject[];
  /** For each row: whether it is the first one about its person. */
  readonly isFirst: readonly boolean[];
}

/**
 * Whom the cells of a column name. All spellings of one profile are one person, by the rules of the relay, so that a list with somebody in it twice says
 * what it costs; the relay itself would not pay twice either.
 */
export function peopleIn(cells: readonly string[], kind: Kind): People {
  const places = new Map<string, number>();
  const wanted: Wanted[] = [];
  const subjects: RowSubject[] = [];
  const isFirst: boolean[] = [];
  for (const cell of cells) {
    const read = kind === 'task' ? taskIn(cell) : personIn(cell);
    if ('refused' in read) {
      subjects.push(read);
      isFirst.push(false);
      continue;
    }
    const person = places.get(read.identity) ?? wanted.length;
    isFirst.push(person === wanted.length);
    if (person === wanted.length) {
      places.set(read.identity, person);
      wanted.push(read.wanted);
    }
    subjects.push({ person });
  }
  return { wanted, subjects, isFirst };
}

type Read = { readonly identity: string; readonly wanted: Wanted } | { readonly refused: string };

function personIn(cell: string): Read {
  if (cell.trim() === '') return { refused: 'no profile' };
  const profile = profileOf(cell);
  if (!profile.ok) return { refused: `the profile ${profile.problem}` };
  const { canonical, linkedinUrl } = profile.value;
  return { identity: canonical, wanted: { linkedinUrl } };
}

function taskIn(cell: string): Read {
  const taskId = cell.trim();
  if (taskId === '') return { refused: 'no task' };
  if (isRevealId(taskId)) return { identity: taskId, wanted: { taskId } };
  return { refused: 'the task must hold only letters, digits and . _ : ~ = + - and start with a letter or a digit' };
}
