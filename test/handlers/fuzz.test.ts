import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/api.ts';
import * as schema from '../../lambdas/http/api-schema.ts';
import type { HttpResult } from '../../lambdas/http/http-api.ts';
import { problems, problemType } from '../../lambdas/http/problem.ts';
import { profileOf } from '../../lambdas/reveal/person/profile.ts';
import { type DoorSurroundings, httpEvent, printed, startDoors } from '../support/doors.ts';
import { runs } from '../support/more.ts';

/** `FUZZ_RUNS=50000 npx vitest run test/handlers/fuzz.test.ts` for the long version. */
const often = runs(700, 7_000);
const marker = 'Zx9marker';
const types = new Set(Object.keys(problems).map((name) => problemType(name as keyof typeof problems)));

let doors: DoorSurroundings;
beforeAll(async () => {
  doors = await startDoors();
});
afterAll(() => doors[Symbol.asyncDispose]());

/** Fails unless the answer is a problem of the caller's making that says nothing of what was sent. */
async function expectRefusal(event: unknown): Promise<void> {
  const answers: HttpResult[] = [];
  const output = await printed(async () => answers.push(await handler(event)));
  const { statusCode, headers, body } = answers[0] as HttpResult;
  expect(statusCode).toBeGreaterThanOrEqual(400);
  expect(statusCode).toBeLessThan(500);
  expect(headers['content-type']).toBe('application/problem+json');
  const problem = schema.problem.parse(JSON.parse(body));
  expect(types).toContain(problem.type);
  const said = `${body}${JSON.stringify(headers)}${output}`;
  expect(said).not.toContain(marker);
  expect(said).not.toMatch(/\.[cm]?[jt]s:\d+:\d+|node_modules|Error:/);
}

const nested = (depth: number, [open, close]: readonly [string, string]) => open.repeat(depth) + close.repeat(depth);
const nasty = fc.constantFrom(
  '',
  marker,
  `\u0000${marker}`,
  `\ud800${marker}`,
  `../../${marker}`,
  `ada@example.com ${marker}`,
  `<script>${marker}</script>`,
  '__proto__',
  'x'.repeat(300),
);
const value = fc.oneof(
  nasty,
  fc.string({ unit: 'binary' }).map((text) => marker + text),
  fc.jsonValue(),
  fc.constant({ [marker]: marker }),
);
const isId = (given: unknown) => typeof given === 'string' && /^[A-Za-z0-9][A-Za-z0-9._:~=+-]{0,255}$/.test(given);
const isDays = (given: unknown) => Number.isInteger(given) && Number(given) >= 1 && Number(given) <= 180;
const json = (given: unknown) => JSON.stringify(given)?.replace('"proto"', '"__proto__"') ?? 'undefined';

/** What looks like a profile, and names nobody. */
const nearlyProfile = fc.oneof(
  value,
  fc
    .tuple(
      fc.constantFrom('https://www.linkedin.com/', 'linkedin.com/in/', 'urn:li:', 'https://example.com/in/', ''),
      fc.oneof(nasty, fc.string({ unit: 'grapheme' })),
      fc.constantFrom('', '/..', '/company/x', '…', '@example.com', '%', ' x', '/in/y'),
    )
    .map(([start, middle, end]) => `${start}${marker}${middle}${end}`),
);
const isPerson = (given: unknown) => typeof given === 'string' && profileOf(given).ok;
const person = `https://www.linkedin.com/in/${marker}`;

const badStart = fc.oneof(
  value
    .filter((given) => typeof given !== 'object' || given === null || !('taskId' in given || 'linkedinUrl' in given))
    .map(json),
  fc.record({ linkedinUrl: nearlyProfile.filter((given) => !isPerson(given)) }).map(json),
  fc.record({ linkedinUrl: fc.constant(person), taskId: fc.constant('fuzzed') }).map(json),
  fc.record({ linkedinUrl: fc.constant(person), find: value }).map(json),
  fc.record({ linkedinUrl: fc.constant(person), maxAge: value.filter((given) => !isDays(given)) }).map(json),
  fc.constant(json({ linkedinUrl: person, maxAge: 0 })),
  fc.record({ taskId: value.filter((given) => !isId(given)) }).map(json),
  fc.record({ taskId: fc.constant('fuzzed'), priority: value.filter((given) => given !== 'bulk') }).map(json),
  fc.record({ taskId: fc.constant('fuzzed'), proto: value }).map(json),
  fc.record({ taskId: fc.constant('fuzzed'), constructor: value }).map(json),
  fc.tuple(fc.constant('fuzzed'), fc.string()).map(([taskId, rest]) => `{"taskId":"${taskId}"} ${marker}${rest}`),
  fc.constantFrom(
    '',
    '{',
    nested(8_000, ['[', ']']),
    nested(2_000, ['{"a":', '}']),
    `{"taskId":"fuzzed","taskId":${nested(100, ['[', ']'])}}`,
    `"${'x'.repeat(1024 * 1024)}"`,
    '\ufeff{"taskId":"fuzzed"}',
  ),
);
const badBatch = fc.oneof(
  badStart,
  fc.constantFrom('{"reveals":{}}', '{"reveals":[]}', json({ reveals: [{ taskId: 'fuzzed' }], [marker]: 1 })),
);

const badErasure = fc.oneof(
  fc.record({ linkedinUrl: nearlyProfile.filter((given) => !isPerson(given)) }).map(json),
  fc.record({ linkedinUrl: fc.constant(person), [marker]: value }).map(json),
  fc.constant(json({ taskId: 'fuzzed' })),
);

const segment = fc.oneof(
  nasty.map(encodeLoosely),
  fc.constantFrom('..', '.', '%2e%2e', '%', '%zz', '%c0%af', '%00', '%252e', ';', '\\', '/', '?', '#', 'a b', marker),
  fc.string({ unit: 'binary' }).map((text) => `-${text}`),
);
const badPath = fc.oneof(
  fc
    .array(segment, { minLength: 1, maxLength: 5 })
    .map((segments) => `/reveals/${segments.join('/')}`)
    .filter((path) => path !== '/reveals/'),
  fc.array(segment, { maxLength: 3 }).map((segments) => `/${marker}/${segments.join('/')}`),
  fc.constantFrom(
    '',
    '/',
    '//',
    '/reveals//',
    '//reveals',
    '/reveals/../reveals',
    'reveals',
    `http://${marker}/reveals`,
  ),
);
function encodeLoosely(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

describe('whatever is sent', () => {
  it('is refused if its body is not right, and creates nothing', async () => {
    const body = fc.oneof(
      badStart.map((text) => ['/reveals', text] as const),
      badBatch.map((text) => ['/reveals/batch', text] as const),
      badErasure.map((text) => ['/erasures', text] as const),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.boolean(), async ([path, text], isBase64Encoded) => {
        const sent = isBase64Encoded ? Buffer.from(text).toString('base64') : text;
        await expectRefusal(httpEvent('POST', path, sent, { isBase64Encoded }));
      }),
      often,
    );
    expect(await doors.everything()).toBe('');
    expect(doors.executions.size).toBe(0);
  });

  it('is refused if its path is not right', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'HEAD', 'TRACE', marker),
        badPath,
        async (method, rawPath) => {
          await expectRefusal({ ...httpEvent(method, '/'), rawPath });
        },
      ),
      often,
    );
  });

  it('is refused if it is no request at all', async () => {
    const valid = httpEvent('POST', '/reveals', { taskId: '-' });
    const names = Object.keys(valid);
    const twisted = fc.oneof(
      fc.jsonValue(),
      fc.tuple(fc.constantFrom(...names), fc.jsonValue()).map(([name, given]) => ({ ...valid, [name]: given })),
      fc.constantFrom(...names).map((name) => ({ ...valid, [name]: undefined })),
    );
    await fc.assert(fc.asyncProperty(twisted, expectRefusal), often);
  });
});
