import { gunzipSync, gzipSync } from 'node:zlib';
import type { RevealResult } from './vendor-answer.ts';

/** DynamoDB allows 400 KB an item, names and bookkeeping included. */
const inlineBytes = 300_000;
const partBytes = 380_000;
/** DynamoDB allows 32 levels of nesting; the result itself lies two deep. */
const inlineDepth = 24;

export type PackedResult = { result: RevealResult } | { parts: Uint8Array[] };

/**
 * How a result is laid down: readable in the record where DynamoDB can hold it, else as gzipped JSON in parts, so that
 * nothing the vendor sends (size, depth, numbers or text that DynamoDB refuses) can cost a result that was paid for.
 */
export function packResult(result: RevealResult): PackedResult {
  const json = JSON.stringify(result);
  if (Buffer.byteLength(json) <= inlineBytes && isStorable(result, inlineDepth)) return { result };
  const packed = gzipSync(json);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < packed.length; at += partBytes) parts.push(packed.subarray(at, at + partBytes));
  return { parts };
}

export function unpackResult(parts: Uint8Array[]): RevealResult {
  return JSON.parse(gunzipSync(Buffer.concat(parts)).toString('utf8'));
}

/** Whether DynamoDB takes the value as it is and gives the same back. */
function isStorable(value: unknown, depthLeft: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'number':
      // DynamoDB keeps 38 digits between 1e-130 and 9.99e125.
      return value === 0 || (Math.abs(value) > 1e-120 && Math.abs(value) < 1e120);
    case 'object':
      if (value === null) return true;
      if (depthLeft === 0) return false;
      return Object.entries(value).every(
        ([name, item]) => name !== '' && name.isWellFormed() && isStorable(item, depthLeft - 1),
      );
    default:
      return true;
  }
}
