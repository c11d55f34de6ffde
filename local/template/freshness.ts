import { readdir, stat } from 'node:fs/promises';

/**
 * Whether every output is newer than everything it is made from.
 *
 * @param outputs files; one that is missing is not fresh
 * @param inputs files and folders; folders with all that is in them, so that a deleted file is noticed as well
 */
export async function isFresh(outputs: readonly string[], inputs: readonly string[]): Promise<boolean> {
  const made = await Promise.all(outputs.map((path) => stat(path).catch(() => undefined)));
  const oldestOutput = Math.min(...made.map((file) => file?.mtimeMs ?? 0));
  const newest = await Promise.all(inputs.map(newestIn));
  return oldestOutput > Math.max(...newest);
}

async function newestIn(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = await readdir(path, { recursive: true });
  const times = await Promise.all(inside.map(async (name) => (await stat(`${path}/${name}`)).mtimeMs));
  return Math.max(found.mtimeMs, ...times);
}
