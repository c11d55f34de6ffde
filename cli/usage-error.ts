/** The command line cannot be followed as it was given. Ends with exit code 2 and the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
