import { gunzipSync, gzipSync } from 'node:zlib';
import type { RevealResult } from '../fiber/vendor-answer.ts';
import { storedBytes } from './stored-bytes.ts';

/** DynamoDB allows 400 KB an item, by its own measure, names and bookkeeping included. */
const inlineBytes = 300_000;
const partBytes = 380_000;

export type PackedResult = { result: RevealResult } | { parts: Uint8Array[] };

/**
 * How a result is laid down: readable in the record where DynamoDB can hold it, else as gzipped JSON in parts, so that
 * nothing the vendor sends (size, depth, numbers or text that DynamoDB refuses) can cost a result that was paid for.
 */
export function packResult(result: RevealResult): PackedResult {
  const bytes = storedBytes(result);
  if (bytes !== undefined && bytes <= inlineBytes) return { result };
  const packed = gzipSync(JSON.stringify(result));
  const parts: Uint8Array[] = [];
  for (let at = 0; at < packed.length; at += partBytes) parts.push(packed.subarray(at, at + partBytes));
  return { parts };
}

export function unpackResult(parts: Uint8Array[]): RevealResult {
  return JSON.parse(gunzipSync(Buffer.concat(parts)).toString('utf8'));
}
