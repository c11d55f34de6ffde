/** What can be wrong with the files, by name. */
export type InputProblem =
  | 'no-such-file'
  | 'unreadable-file'
  | 'not-gzip'
  | 'not-utf-8'
  | 'empty'
  | 'no-header'
  | 'no-rows'
  | 'broken-quotes'
  | 'too-many-fields'
  | 'not-json-lines'
  | 'no-column'
  | 'ambiguous-column'
  | 'column-name-taken'
  | 'no-such-folder'
  | 'output-exists'
  | 'output-is-input'
  | 'other-run'
  | 'not-a-journal';

/** The files cannot be worked with as they are. Nothing was asked of the relay and nothing was written. Ends with exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problem: InputProblem;

  /** @param says what is wrong and what to do; repeats no cell of a file, as that may be contact data */
  constructor(problem: InputProblem, says: string) {
    super(`${problem}: ${says}`);
    this.problem = problem;
  }
}
