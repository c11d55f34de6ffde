import { contact, credits, type Field, fieldLines, readingFields } from '../fields.ts';
import { plain } from '../plain-text.ts';

/** A JSON object of the API. */
export type Json = Readonly<Record<string, unknown>>;

/** A problem in the words of the API: what to do, and about which field. */
export function describeProblem(status: number, { title, detail, message }: Json): string {
  const text = (value: unknown) => (typeof value === 'string' ? plain(value) : undefined);
  const said = [text(title) ?? text(message) ?? 'The API did not say why.', text(detail)].filter(Boolean).join(' ');
  const hint =
    title === undefined && (status === 401 || status === 403)
      ? ' API Gateway lets principals in that have execute-api:Invoke, or whose --token its issuer has signed.'
      : '';
  return `${status}: ${said}${hint}\n`;
}

/** A reveal, as a person reads it. @param width of the terminal, if it is one */
export function describeReveal(reveal: Json, width?: number): string {
  const { revealId, status, reason, generation, erasedAt, nothingFound } = reveal;
  const ended = [
    status,
    nothingFound && '(nothing found)',
    typeof reason === 'string' && `(${reason})`,
    erasedAt && 'and erased',
  ]
    .filter(Boolean)
    .join(' ');
  const times = Number(generation) > 1 ? `, generation ${generation}` : '';
  return [plain(`${revealId}: ${ended}${times}`), ...fieldLines(revealFields(reveal), width)].join('\n').concat('\n');
}

function revealFields({ progress, result, found, charge, ...rest }: Json): Field[] {
  const { polls, vendorStatus, nextPollAt, pausedBecause, lookAgainAt } = (progress ?? {}) as Json;
  const data = (result ?? {}) as Json;
  const list = (name: string) => (Array.isArray(data[name]) ? data[name].map(contact).join(', ') || 'none' : undefined);
  const { method } = (charge ?? {}) as Json;
  return [
    ['reference', rest.reference],
    ['profile', rest.linkedinUrl],
    ['started', rest.createdAt],
    ...startFields(rest.start as Json | undefined),
    ['ended', rest.settledAt],
    ['polls', polls],
    ['vendor says', vendorStatus],
    ['failure', rest.failure],
    ['next poll', nextPollAt],
    ['paused', pausedBecause],
    ['looks again', lookAgainAt],
    ['e-mails', list('emails')],
    ['low quality', list('lowQualityEmails')],
    ['phone numbers', list('phoneNumbers')],
    ['found', !result && found ? JSON.stringify(found) : undefined],
    ...readingFields(rest),
    ['charge', charge && [method, credits(rest)].filter(Boolean).join(', ')],
    ['erased', rest.erasedAt],
    ['kept until', rest.expiresAt],
  ];
}

/** Of a reveal whose task the relay starts. */
function startFields(start: Json | undefined): Field[] {
  if (!start) return [];
  const { state, find, listPrice, problem } = start;
  const price = listPrice === undefined ? 'no list price' : `list price ${listPrice} credits`;
  return [
    ['looks for', `${(find as string[]).join(', ')} (${price})`],
    ['task', [state, problem && `(${problem})`].filter(Boolean).join(' ')],
    ['start charged', credits(start)],
  ];
}

/** Whether tasks are started, and what they have cost today. */
export function describeStarts({ pausedBecause, credits: spending }: Json): string {
  const { day, spent, most } = (spending ?? {}) as Json;
  const today = spending ? `. Credits of ${day}: ${spent} of ${most}` : '';
  return plain(`${pausedBecause === undefined ? 'Tasks are started' : `Starts are paused: ${pausedBecause}`}${today}`);
}

/** How a reveal was taken on. */
export function describeStart(status: number, body: Json): string {
  const { revealId, status: state, reason, generation, optionsDiffer, missing, ageSeconds, start } = body;
  const again = Number(generation) > 1 ? ` again, as generation ${generation}` : '';
  const ended = reason ? `${state} (${reason})` : state;
  const age = typeof ageSeconds === 'number' ? `, ${ageOf(ageSeconds)} old` : '';
  const what = status === 202 ? `started${again}` : `is there already: ${ended}${age}`;
  const { listPrice } = (start ?? {}) as Json;
  const notes = [
    status === 202 && listPrice !== undefined && `list price ${listPrice} credits`,
    isList(optionsDiffer) && `its ${optionsDiffer.join(' and ')} stays as it was first asked for`,
    isList(missing) && `not asked for ${missing.join(', ')}`,
  ].filter(Boolean);
  return plain(`${revealId} ${what}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`);
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;

function ageOf(seconds: number): string {
  const [count, unit] =
    seconds >= 172_800
      ? [seconds / 86_400, 'days']
      : seconds >= 7_200
        ? [seconds / 3_600, 'hours']
        : [seconds / 60, 'minutes'];
  return `${Math.floor(count)} ${unit}`;
}
