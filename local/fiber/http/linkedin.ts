/**
 * Whether the vendor would know a profile by this: a profile URL, a Sales Navigator URN, a numeric id or a bare slug.
 * A numeric id looks like a slug, so one pattern covers both.
 */
export function isProfileReference(text: string): boolean {
  return slug.test(text) || urn.test(text) || slugInUrl(text) !== undefined;
}

/** The last part of what names the profile, for scenarios: `slow-1` of `https://www.linkedin.com/in/slow-1`. */
export function slugOf(text: string): string {
  return slugInUrl(text) ?? text;
}

const slug = /^[\p{L}\p{N}%_-]{1,200}$/u;
const urn = /^urn:li:[a-zA-Z_]{1,50}:\(?[\w,:-]{1,200}\)?$/;
const pathOfProfile = /^\/(?:in|pub|sales\/lead|sales\/people)\/([^/]{1,300})/;

function slugInUrl(text: string): string | undefined {
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname, pathname } = new URL(address);
  if (hostname !== 'linkedin.com' && !hostname.endsWith('.linkedin.com')) return undefined;
  return pathOfProfile.exec(pathname)?.[1];
}
