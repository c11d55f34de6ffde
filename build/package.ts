import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { declare } from './declarations.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** What people import or run, and where the package has it. The folders stand where those of the sources do: see `bundledHandlers`. */
const entries = { 'lib/index': 'lib/index.ts', 'lambdas/consumer': 'lambdas/consumer.ts', 'cli/stack': 'bin/stack.ts' };

/**
 * Builds what the package has besides the handlers: into `dist`, whose folders `files` in package.json names.
 *
 * One CommonJS file for each entry, under `import` as well as `require`: two copies of a construct in one app break `instanceof`.
 */
export async function buildEntries(): Promise<void> {
  for (const folder of ['lib', 'lambdas', 'cli']) {
    await rm(join(repository, 'dist', folder), { recursive: true, force: true });
  }
  await build({
    absWorkingDir: repository,
    entryPoints: Object.entries(entries).map(([out, path]) => ({ in: path, out })),
    outdir: 'dist',
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    define: { 'import.meta.dirname': '__dirname' },
    logLevel: 'warning',
  });
  // The package says `"type": "module"` for its sources.
  await writeFile(join(repository, 'dist/package.json'), '{ "type": "commonjs" }\n');
  await declare(repository, ['lib/index', 'lambdas/consumer']);
}
