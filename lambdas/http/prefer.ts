/** One preference, as in `wait=10`, `wait="10"` or `wait=10; what=ever`; its name in any case. */
const waitPreference = /^wait\s*=\s*("?)(\d{1,9})\1\s*(;|$)/gi;

/**
 * For how many seconds a request is willing to wait, by its `Prefer` header. The first of several holds; what cannot be read is no
 * preference.
 * @see https://www.rfc-editor.org/rfc/rfc7240#section-4.3
 */
export function preferredWait(header: string): number | undefined {
  const [match] = header.split(',').flatMap((preference) => [...preference.trim().matchAll(waitPreference)]);
  return match ? Number(match[2]) : undefined;
}
