/** Whether something can be the id of a reveal: then it is safe to print and to put into a path. */
export function isRevealId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._:~=+-]{0,255}$/.test(value);
}
