import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RawAnswer, RevealResult } from '../fiber/vendor-answer.ts';

/** An answer as it lies in the table: gzip, in the record or in further parts. Only one of the two is there. */
export interface StoredAnswer {
  bytes?: Uint8Array;
  parts?: AnswerPlace;
  /** What the vendor's header said of the bytes. */
  contentType?: string;
}

/** Where the parts of an answer are. */
export interface AnswerPlace {
  count: number;
  /** Of what the parts hold, and part of their names: two writers with different answers never mix theirs. */
  digest: string;
}

/** DynamoDB allows 400 KB an item, by its own measure, names and bookkeeping included: so much of it an answer may take in a record. */
export const inlineBytes = 250_000;
const partBytes = 380_000;
const longestContentType = 256;

/** What the answer and our reading of it may take together: the rest of a record has a few KB of its own. */
export const answerAndReadingBytes = 360_000;

/** How an answer is stored, whatever it holds: nothing that the vendor sends can cost what was paid for. */
export function packAnswer(
  { bytes, contentType }: RawAnswer,
  mostInline: number = inlineBytes,
): { answer: StoredAnswer; parts: Uint8Array[] } {
  const packed = gzipSync(bytes);
  const described = contentType !== undefined && {
    contentType: contentType.toWellFormed().slice(0, longestContentType),
  };
  if (packed.length <= mostInline) return { answer: { bytes: packed, ...described }, parts: [] };
  const parts: Uint8Array[] = [];
  for (let at = 0; at < packed.length; at += partBytes) parts.push(packed.subarray(at, at + partBytes));
  const digest = createHash('sha256').update(packed).digest('hex').slice(0, 16);
  return { answer: { parts: { count: parts.length, digest }, ...described }, parts };
}

/** The answer as it came. @param packed all of the gzip, put together again where it lay in parts */
export function unpackAnswer({ contentType }: StoredAnswer, packed: Uint8Array): RawAnswer {
  return { bytes: gunzipSync(packed), ...(contentType !== undefined && { contentType }) };
}

/** A result that version 0.1.0 could not hold in one item: gzipped JSON of the lists, and of what they were taken from. */
export function unpackResult(packed: Uint8Array): RevealResult {
  return JSON.parse(gunzipSync(packed).toString('utf8'));
}
