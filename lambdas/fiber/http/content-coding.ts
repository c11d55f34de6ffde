import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** A body in its content codings could not be taken out of them. */
export type CodingProblem = 'bad-response' | 'too-large';

type Decode = (bytes: Uint8Array, limit: { maxOutputLength: number }) => Uint8Array;

const gunzip: Decode = (bytes, limit) => {
  // Who undoes the coding on the way may forget the header.
  const isCoded = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isCoded ? gunzipSync(bytes, limit) : bytes;
};

const decoders: Readonly<Record<string, Decode>> = {
  identity: (bytes) => bytes,
  gzip: gunzip,
  'x-gzip': gunzip,
  br: brotliDecompressSync,
  /** By its name zlib's format, and by some who send it the bare one. @see https://www.rfc-editor.org/rfc/rfc9110#name-deflate-coding */
  deflate: (bytes, limit) => {
    const isZlib = ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) + (bytes[1] ?? 0)) % 31 === 0;
    return isZlib ? inflateSync(bytes, limit) : inflateRawSync(bytes, limit);
  },
};

/**
 * A body without its content codings, whatever was asked for.
 *
 * @param contentEncoding the header: the codings in the order in which they were put on
 * @param maxBytes the most that any step may come to
 */
export function decoded(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Uint8Array | CodingProblem {
  const codings = (contentEncoding ?? '').toLowerCase().split(',');
  let body = bytes;
  // Most answers to a poll are not in any, and an empty body is in none.
  for (const coding of codings.map((name) => name.trim()).reverse()) {
    if (coding === '' || body.length === 0) continue;
    const decode = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
    if (!decode) return 'bad-response';
    try {
      body = decode(body, { maxOutputLength: maxBytes });
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'bad-response';
    }
  }
  return body;
}
