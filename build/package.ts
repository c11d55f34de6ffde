import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { declare } from './declarations.ts';
import { smallEntries, smallEntryNames } from './small-entries.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** The construct and the command, and where the package has them. The folders stand where those of the sources do: see `bundledHandlers`. */
const entries = { 'lib/index': 'lib/index.ts', 'cli/stack': 'bin/stack.ts' };

/**
 * Builds what the package has besides the handlers: into `dist`, whose folders `files` in package.json names.
 *
 * One CommonJS file for the construct, under `import` as well as `require`: two copies of a construct in one app break `instanceof`. Two files for each of
 * the small entries.
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
  await build({ ...smallEntries, format: 'cjs' });
  await build({ ...smallEntries, format: 'esm', outExtension: { '.js': '.mjs' } });
  // The package says `"type": "module"` for its sources.
  await writeFile(join(repository, 'dist/package.json'), '{ "type": "commonjs" }\n');
  await declare(repository, ['lib/index', ...smallEntryNames]);
  for (const name of smallEntryNames) {
    await writeFile(join(repository, `dist/${name}.d.mts`), `export * from './${basename(name)}.js';\n`);
  }
}
