import { describe, expect, it } from 'vitest';
import { packAnswer, unpackAnswer } from '../../lambdas/reveal/stored-answer.ts';

const answer = { bytes: Buffer.from('{"output":{}}'), contentType: 'application/json' };

describe('packAnswer', () => {
  it('lays an answer into the record, and it comes out as it came', () => {
    const { answer: stored, parts } = packAnswer(answer);
    expect(parts).toEqual([]);
    expect(unpackAnswer(stored, stored.bytes ?? new Uint8Array())).toEqual(answer);
  });

  it('lays one that is too large into parts, under a name made of what they hold', () => {
    const { answer: stored, parts } = packAnswer(answer, 0);
    expect(stored).toEqual({
      parts: { count: parts.length, digest: expect.stringMatching(/^[0-9a-f]{16}$/) },
      contentType: answer.contentType,
    });
    expect(unpackAnswer(stored, Buffer.concat(parts))).toEqual(answer);
    const other = packAnswer({ bytes: Buffer.from('{}') }, 0).answer;
    expect(other.parts?.digest).not.toBe(stored.parts?.digest);
  });

  it('keeps of a content type what an item can hold', () => {
    const { contentType } = packAnswer({ ...answer, contentType: `\ud800${'x'.repeat(1_000)}` }).answer;
    expect([contentType?.length, contentType?.isWellFormed()]).toEqual([256, true]);
  });
});
