import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';

const relativeImport = /(from |import\()'(\.[^']+)\.ts'/g;

/**
 * Writes the types of entries into `dist`: a declaration for each source that they lead to. The compiler takes along what the sources
 * import, which is more, and keeps the names of sources in them.
 */
export async function declare(repository: string, entries: readonly string[]): Promise<void> {
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [compiler, '-p', 'build/declarations.tsconfig.json', '--listEmittedFiles'],
    { cwd: repository },
  );
  const emitted = [...stdout.matchAll(/^TSFILE:\s*(.+?)\s*$/gm)].map(([, path = '']) => normalize(path));
  const ledTo = new Set<string>();
  const follow = async (path: string): Promise<void> => {
    if (ledTo.has(path)) return;
    ledTo.add(path);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replaceAll(relativeImport, "$1'$2.js'"));
    for (const [, , target = ''] of text.matchAll(relativeImport)) await follow(join(dirname(path), `${target}.d.ts`));
  };
  for (const entry of entries) await follow(join(repository, 'dist', `${entry}.d.ts`));
  await Promise.all(emitted.filter((path) => !ledTo.has(path)).map((path) => rm(path)));
}
