import { constants, gunzipSync } from 'node:zlib';
import { grouped } from './grouped.ts';

type Item = Readonly<Record<string, unknown>>;

/** What a gzip holds, as far as it goes: of an answer whose other parts are gone, too. */
function textIn(gzip: Uint8Array): string {
  try {
    return gunzipSync(gzip, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    return '';
  }
}

/** The items of a reveals table as text that can be searched: a line for each, and for each answer that lies in parts. */
export function unpacked(items: readonly Item[]): string {
  const lines = items.map((item) =>
    JSON.stringify(item, (_name, value: unknown) => (value instanceof Uint8Array ? textIn(value) : value)),
  );
  const parts = items.filter(({ bytes }) => bytes instanceof Uint8Array);
  const answers = grouped(parts, ({ revealId, part }) => `${revealId} ${String(part).replace(/#\d+$/, '')}`);
  for (const [name, of] of answers) {
    const sorted = of.toSorted((a, b) => String(a.part).localeCompare(String(b.part)));
    lines.push(`${name} ${textIn(Buffer.concat(sorted.map(({ bytes }) => bytes as Uint8Array)))}`);
  }
  return lines.join('\n');
}
