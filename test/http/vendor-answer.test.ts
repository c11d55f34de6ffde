import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/api.ts';
import { RevealsTable } from '../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { readAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import type { HttpResult } from '../../lambdas/http/http-api.ts';
import { finishedWith } from '../../lambdas/reveal/life/answer.ts';
import { dynamoDB } from '../../lambdas/runtime/clients.ts';
import { completed, type DoorSurroundings, httpEvent, printed, startDoors } from '../support/doors.ts';
import { runs } from '../support/more.ts';

let doors: DoorSurroundings;
beforeAll(async () => {
  doors = await startDoors();
});
afterAll(() => doors[Symbol.asyncDispose]());

async function get(path: string): Promise<HttpResult> {
  const answers: HttpResult[] = [];
  await printed(async () => answers.push(await handler(httpEvent('GET', path))));
  return answers[0] as HttpResult;
}

async function keep(id: string, bytes: Uint8Array, contentType?: string, table = doors.reveals): Promise<void> {
  const record = await doors.put(id);
  const answer = { bytes, ...(contentType !== undefined && { contentType }) };
  const read = readAnswer(answer);
  const changes =
    read.kind === 'done'
      ? finishedWith(record, read, { nowMs: Date.now(), retentionDays: 30 })
      : { ...completed(), result: undefined, answer: undefined, expiresAt: Math.floor(Date.now() / 1_000) + 60 };
  await table.keepAnswer(record, answer, changes);
}

const more = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 });
const text = fc.string().filter((value) => value.trim() !== '');
/** What is no entry, whatever it was meant to be. */
const odd = fc.oneof(
  fc.constantFrom(null, true, 7, '', 'text', []),
  more.map(({ email, number, ...rest }) => rest),
);
const listOf = (name: 'email' | 'number') => {
  const good = more.chain((rest) => text.map((value) => ({ ...rest, [name]: value })));
  return fc.array(
    fc.oneof(
      good.map((entry) => ({ entry, isGood: true })),
      odd.map((entry) => ({ entry, isGood: false })),
    ),
    {
      maxLength: 5,
    },
  );
};
const finished = fc.record({
  emails: listOf('email'),
  lowQualityEmails: listOf('email'),
  phoneNumbers: listOf('number'),
  profile: more,
  rest: more,
});
const names = ['emails', 'lowQualityEmails', 'phoneNumbers'] as const;
const indent = fc.constantFrom(undefined, ' ', '\t');

describe('GET /reveals/{id}/answer', () => {
  it('gives back any answer byte for byte, and every entry of it that can be read is in the lists', async () => {
    let played = 0;
    const inParts = new RevealsTable(doors.reveals.name, dynamoDB(sdkClientOptions), 0);
    await fc.assert(
      fc.asyncProperty(finished, indent, fc.boolean(), async (person, space, isInParts) => {
        const { profile, rest } = person;
        const lists = Object.fromEntries(names.map((name) => [name, person[name].map(({ entry }) => entry)]));
        const output = { done: true, profile: { ...profile, ...lists, status: 'completed' } };
        const bytes = Buffer.from(JSON.stringify({ ...rest, output }, undefined, space));
        const id = `any-${++played}`;
        await keep(id, bytes, 'application/json', isInParts ? inParts : doors.reveals);

        const original = await get(`/reveals/${id}/answer`);
        expect(original).toMatchObject({ statusCode: 200, isBase64Encoded: true });
        expect(Buffer.from(original.body, 'base64').equals(bytes)).toBe(true);
        const view = JSON.parse((await get(`/reveals/${id}?include=lowQualityEmails`)).body);
        for (const name of names) {
          const told = (entry: unknown) =>
            (entry as Record<string, unknown>)[name === 'phoneNumbers' ? 'number' : 'email'];
          const good = person[name].filter(({ isGood }) => isGood).map(({ entry }) => entry);
          expect(view.result[name].map(told)).toEqual(good.map(told));
        }
        const bad = names.flatMap((name) => person[name]).filter(({ isGood }) => !isGood).length;
        expect(view.unreadable ?? 0).toBe(bad);
      }),
      runs(80, 3_000),
    );
  });

  it.each<[string, Uint8Array]>([
    ['a mark at its beginning', Buffer.from('\ufeff{}')],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00, 0xc3, 0x28)],
    ['nothing at all', new Uint8Array()],
  ])('gives back %s', async (what, bytes) => {
    const id = what.replaceAll(' ', '-');
    await keep(id, bytes);
    const { headers, body } = await get(`/reveals/${id}/answer`);
    expect([...Buffer.from(body, 'base64')]).toEqual([...bytes]);
    expect(headers).toMatchObject({ 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
  });

  it('gives back the largest answer that the client takes, within what a function may answer', async () => {
    const noise = 'x'.repeat(4 * 1024 * 1024 - 100);
    await keep('largest', Buffer.from(JSON.stringify({ output: { done: true, profile: { noise } } })));
    const answer = await get('/reveals/largest/answer');
    expect(answer.statusCode).toBe(200);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(6 * 1024 * 1024);
  });

  it.each([
    ['application/json; charset=utf-8', 'application/json; charset=utf-8'],
    ['text/html', 'text/html'],
    ['', 'application/octet-stream'],
    ['not a type', 'application/octet-stream'],
    ['text/plain; x=\u00e9', 'application/octet-stream'],
  ])('says of what type it is: %s', async (contentType, shown) => {
    const id = `type-${Buffer.from(contentType).toString('hex')}`;
    await keep(id, Buffer.from('{}'), contentType);
    expect((await get(`/reveals/${id}/answer`)).headers).toMatchObject({
      'content-type': shown,
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    });
  });

  it('says what there is none of', async () => {
    await doors.put('running');
    for (const [id, problem] of [['running', 'no-answer'] as const, ['nobody', 'no-such-reveal'] as const]) {
      const { statusCode, body } = await get(`/reveals/${id}/answer`);
      expect([statusCode, JSON.parse(body).type]).toEqual([404, `/problems/${problem}`]);
    }
  });
});
