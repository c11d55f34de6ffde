import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { type HandlerName, handlerNames } from '../../lambdas/contract.ts';

/**
 * The handlers as CDK's `NodejsFunction` bundles them if it is told nothing but their files.
 *
 * @param repository where `lambdas` is
 * @param outdir a folder in the repository: what is not bundled has to be found from there
 * @returns the folder of each
 */
export async function defaultBundles(
  repository: string,
  outdir: string,
  bundling: BundlingOptions = {},
): Promise<Readonly<Record<HandlerName, string>>> {
  // The template says which asset is whose.
  const context = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };
  const app = new App({ outdir, context });
  const stack = new Stack(app, 'Default');
  for (const name of handlerNames) {
    const entry = join(repository, `lambdas/${name}.ts`);
    new NodejsFunction(stack, name, {
      entry,
      runtime: Runtime.NODEJS_24_X,
      bundling: { logLevel: LogLevel.WARNING, ...bundling },
    });
  }
  app.synth();
  const { Resources } = JSON.parse(await readFile(join(outdir, 'Default.template.json'), 'utf8'));
  const folders = Object.values(Resources as Record<string, { Metadata?: Record<string, string> }>).flatMap(
    ({ Metadata = {} }) => {
      const [, name] = /^Default\/([\w-]+)\/Resource$/.exec(Metadata['aws:cdk:path'] ?? '') ?? [];
      const asset = Metadata['aws:asset:path'];
      return name && asset ? [[name, join(outdir, asset)] as const] : [];
    },
  );
  // On Lambda no package.json lies above.
  await Promise.all(folders.map(([, folder]) => writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n')));
  const missing = handlerNames.filter((name) => !folders.some(([found]) => found === name));
  if (missing.length > 0) throw new Error(`The template names no asset of ${missing.join(', ')}.`);
  return Object.fromEntries(folders) as Record<HandlerName, string>;
}
