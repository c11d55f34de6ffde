import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleHandlers } from '../../build/bundle.ts';
import { bundleThreads, threadFiles } from '../../build/threads.ts';
import { embeddedContext, handlerNames } from '../../lambdas/contract.ts';
import { withFolderLock } from '../data/folder-lock.ts';
import { isFresh } from './freshness.ts';
import type { CloudFormationTemplate } from './template.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const stackName = 'RevealRelay';

const bundles = handlerNames.map((name) => `${repository}dist/handlers/${name}/index.js`);
const bundledFrom = ['lambdas', 'build', 'package-lock.json'].map((path) => repository + path);
const threadsFrom = ['local', 'build', 'package-lock.json'].map((path) => repository + path);

/** What `cdk deploy` would ship: the template, and where the files of its assets lie. */
export interface Assembly {
  readonly folder: string;
  readonly stackName: string;
  readonly template: CloudFormationTemplate;
}

/**
 * Bundles handlers and threads and runs the CDK app into `folder`, in the way the CDK's command line does: same app, same context, same
 * `relay.config.json`, same output folder protocol. Needs no AWS account and no network; takes about two seconds, nearly all of them spent on
 * loading aws-cdk-lib.
 *
 * @param context more of it, as `-c` would give it
 * @throws AssemblyError when the app fails, with what it printed.
 */
export async function synthesise(folder: string, context: Readonly<Record<string, string>> = {}): Promise<Assembly> {
  // The app reads its handlers from dist/handlers: nobody may bundle into it at that time, and nobody has to who would only
  // write the same again.
  await withFolderLock(`${repository}dist`, 'assembly', async () => {
    if (!(await isFresh(bundles, bundledFrom))) await bundleHandlers();
    if (!(await isFresh(threadFiles, threadsFrom))) await bundleThreads();
    await runApp(resolve(folder), context);
  });
  return readAssembly(folder);
}

/** Reads what {@link synthesise} or `cdk synth` left in `folder`. */
export async function readAssembly(folder: string): Promise<Assembly> {
  const path = `${resolve(folder)}/${stackName}.template.json`;
  return { folder: resolve(folder), stackName, template: JSON.parse(await readFile(path, 'utf8')) };
}

/** What the CDK's command line adds to the context of cdk.json; the paths and assets in the template's metadata hang on it. */
const fromCommandLine = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:version-reporting': true,
  'aws:cdk:bundling-stacks': ['**'],
};

async function runApp(outputFolder: string, context: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(outputFolder, { recursive: true });
  const settings: { context: Record<string, unknown> } = JSON.parse(await readFile(`${repository}cdk.json`, 'utf8'));
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    CDK_OUTDIR: outputFolder,
    CDK_CONTEXT_JSON: JSON.stringify({ ...settings.context, ...fromCommandLine, [embeddedContext]: true, ...context }),
  };
  // The account of whoever is logged in to AWS must not change what runs here.
  delete environment.CDK_DEFAULT_ACCOUNT;
  delete environment.CDK_DEFAULT_REGION;

  const app = spawn(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    cwd: repository,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [app.stdout, app.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const code = await new Promise<number | null>((done, failed) => {
    app.once('error', failed);
    app.once('close', done);
  });
  if (code !== 0) throw new AssemblyError(code, printed);
}

/** The CDK app did not produce a template. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';

  constructor(code: number | null, printed: string) {
    super(
      `The CDK app ended with ${code ?? 'a signal'}; \`npx cdk synth\` shows the same. It printed:\n${printed.trim()}`,
    );
  }
}
