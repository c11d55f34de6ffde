import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { handlerNames } from '../lambdas/contract.ts';
import { leanBundle } from './lean-bundle.ts';
import { smallEntries } from './small-entries.ts';
import { thirdPartyLicenses } from './third-party.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const handlers = join(repository, 'dist/handlers');
const maps = join(repository, 'dist/maps');

/**
 * Bundles every handler into `dist/handlers/<name>/index.js`, the folders that the CDK app uploads, and its source map into
 * `dist/maps/<name>.js.map`: `npm run stack` reads it there, and no cold start has to.
 *
 * The SDK goes into the bundle, from its ES modules: that halves what a cold start has to read, and the version that was
 * tested is the version that runs. CommonJS loads sooner than an ES module does.
 */
export async function bundleHandlers(): Promise<void> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: repository,
    entryPoints: handlerNames.map((name) => ({ in: `lambdas/${name}.ts`, out: `${name}/index` })),
    outdir: handlers,
    bundle: true,
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    plugins: [leanBundle],
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  // A folder that an earlier version has left holds files that would be uploaded too.
  for (const folder of [handlers, maps]) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  }
  for (const { path, contents } of outputFiles) {
    const folder = dirname(path);
    if (path.endsWith('.map')) await writeFile(`${join(maps, folder.slice(handlers.length))}.js.map`, contents);
    else {
      await mkdir(folder, { recursive: true });
      await writeFile(path, contents);
      // Whatever package the folder lies in: Node takes its nearest package.json's word for what a .js file is.
      await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n');
    }
  }
  const client = await build({ ...smallEntries, format: 'cjs', write: false });
  const licenses = await thirdPartyLicenses(repository, metafile, client.metafile);
  await writeFile(join(repository, 'dist/THIRD-PARTY-LICENSES.txt'), licenses);
}
