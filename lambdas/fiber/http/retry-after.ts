/** A wait that the vendor asks for is not longer than this, whatever it says. */
const longestMs = 3_600_000;

/**
 * How long the vendor wants to be left alone, in milliseconds. Undefined if it does not say so in a way that can be read, or says that
 * the wait is over.
 *
 * @param header seconds, or a date in any of HTTP's three forms
 * @param sentAt the answer's own `Date`: if its clock is wrong, it is wrong for both
 * @param nowMs Unix milliseconds, where the answer has no date
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfterMs(
  header: string | undefined,
  sentAt: string | undefined,
  nowMs: number,
): number | undefined {
  const text = header?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(text)
    ? Math.ceil(Number(text)) * 1_000
    : (dateOf(text, nowMs) ?? Number.NaN) - (dateOf(sentAt?.trim() ?? '', nowMs) ?? nowMs);
  return ms >= 0 ? Math.min(ms, longestMs) : undefined;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT */
const dayFirst =
  /^([a-z]+, )?(?<day>\d{1,2})[ -](?<month>[a-z]{3})[ -](?<year>\d{4}|\d{2}) (?<time>[\d:]+) (gmt|utc|\+0000)$/i;
/** Sun Nov  6 08:49:37 1994, without a zone, and in UTC all the same. */
const monthFirst = /^[a-z]{3} (?<month>[a-z]{3}) {1,2}(?<day>\d{1,2}) (?<time>[\d:]+) (?<year>\d{4})$/i;
/** No form of HTTP's, but there is only one way to read it. */
const iso = /^\d{4}-\d\d-\d\dt[\d:.]+(z|[+-]\d\d:\d\d)$/i;

/**
 * Unix milliseconds, whatever zone this machine is in: `Date.parse` takes a date without a zone for a local one.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
 */
function dateOf(text: string, nowMs: number): number | undefined {
  if (iso.test(text)) return numberOr(Date.parse(text));
  const { day, month = '', year = '', time = '' } = (dayFirst.exec(text) ?? monthFirst.exec(text))?.groups ?? {};
  const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d)$/.exec(time) ?? [];
  const monthIndex = months.indexOf(month.toLowerCase());
  if (monthIndex < 0) return undefined;
  const at = (fullYear: number) =>
    Date.UTC(fullYear, monthIndex, Number(day), Number(hours), Number(minutes), Number(seconds));
  return numberOr(at(year.length === 2 ? fullYearOf(Number(year), nowMs) : Number(year)));
}

/** Two digits that would be more than 50 years ahead are of the century before. */
function fullYearOf(twoDigits: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}

const numberOr = (ms: number): number | undefined => (Number.isNaN(ms) ? undefined : ms);
