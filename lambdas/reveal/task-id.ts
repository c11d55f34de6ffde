import * as z from 'zod/mini';
import { revealIdForm } from '../contract.ts';

/**
 * A vendor task id. The vendor documents only that it is not empty; it becomes a key, a path and part of log lines here, so
 * it may hold what ids are made of and nothing else. That keeps e-mail addresses and profile addresses, given by
 * mistake, out of all of those.
 */
export const taskId = z.string('must be a string').check(
  z.minLength(1, { error: 'must not be empty', abort: true }),
  z.maxLength(revealIdForm.mostCharacters, {
    error: `must be at most ${revealIdForm.mostCharacters} characters long`,
    abort: true,
  }),
  z.regex(revealIdForm.pattern, 'must hold only letters, digits and . _ : ~ = + - and start with a letter or a digit'),
);

export const isRevealId = (text: string) => taskId.safeParse(text).success;
