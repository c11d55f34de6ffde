import { gunzipSync } from 'node:zlib';
import type { Place } from '../csv-arguments.ts';
import type { Files } from './files.ts';
import { InputError } from './input-error.ts';

/**
 * The bytes of the input, unpacked.
 *
 * @throws InputError
 */
export async function readInput(
  place: Place,
  stdin: AsyncIterable<Uint8Array>,
  files: Pick<Files, 'read'>,
): Promise<Uint8Array> {
  const bytes = place.isPiped ? await collected(stdin) : await read(place.path, files);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isPacked && !place.isGzip) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    throw new InputError('not-gzip', 'The file cannot be unpacked: it is cut off, or no gzip.');
  }
}

async function collected(stdin: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stdin) parts.push(part);
  return Buffer.concat(parts);
}

async function read(path: string, files: Pick<Files, 'read'>): Promise<Uint8Array> {
  try {
    return await files.read(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new InputError('no-such-file', `There is no file ${path}.`);
    if (code === undefined) throw error;
    throw new InputError('unreadable-file', `${path} cannot be read (${code}).`);
  }
}
