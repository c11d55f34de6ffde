import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** The entries of the threads that the embedded relay runs handlers and state machines in. */
const entries = ['local/functions/handler-worker.ts', 'local/workflow/state-machine-worker.ts'];

/** Where {@link bundleThreads} leaves them. */
export const threadFiles = entries.map((entry) =>
  join(repository, 'dist/threads', basename(entry).replace(/\.ts$/, '.mjs')),
);

/**
 * Bundles the entries of threads into `dist/threads`. Node before 22.18 reads no TypeScript, and on Node 20 `--import tsx` does not reach
 * the entry of a thread. It takes hundredths of a second.
 */
export async function bundleThreads(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: repository,
    entryPoints: entries,
    entryNames: '[name]',
    outdir: 'dist/threads',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    write: false,
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    // A relay that runs may start a thread at any moment, and must not read half a file.
    await writeFile(`${path}.${process.pid}`, contents);
    await rename(`${path}.${process.pid}`, path);
  }
}
