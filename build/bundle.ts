import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { handlerNames } from '../lambdas/contract.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles every handler into `dist/handlers/<name>/index.mjs`, the folders that the CDK app uploads.
 *
 * The SDK goes into the bundle, from its ES modules: that halves what a cold start has to read, and the version that was
 * tested is the version that runs.
 */
export async function bundleHandlers(): Promise<void> {
  await build({
    absWorkingDir: repository,
    entryPoints: handlerNames.map((name) => ({ in: `lambdas/${name}.ts`, out: `${name}/index` })),
    outdir: 'dist/handlers',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    // Some of the SDK's dependencies are still CommonJS and ask for Node's modules with require().
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}
