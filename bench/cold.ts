/**
 * `npm run bench:cold`: what a cold start of each handler has to read, and how long that takes, beside the same handler as CDK's
 * `NodejsFunction` bundles it by default. There the SDK is the runtime's own, which here lies in `node_modules`; so once more with it in the
 * bundle.
 *
 * A time is the median of fresh processes on this machine that import the bundle. They take turns, so that a busy moment meets all. On Lambda
 * a handler has a part of one core.
 */
import { execFile } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleHandlers } from '../build/bundle.ts';
import { type HandlerName, handlerNames } from '../lambdas/contract.ts';
import { defaultBundles } from './cold/default-bundles.ts';

const repository = join(import.meta.dirname, '..');
const scratch = join(repository, 'dist/cold');
const processes = 15;

interface Way {
  readonly label: string;
  readonly folders: Readonly<Record<HandlerName, string>>;
}

/** Milliseconds that a fresh process takes to import a handler. */
async function importMs(folder: string): Promise<number> {
  const timed = 'const from = performance.now(); require(process.argv[1]); console.log(performance.now() - from)';
  const env = { AWS_REGION: 'eu-west-1', AWS_LAMBDA_FUNCTION_NAME: 'bench' };
  return Number((await promisify(execFile)(process.execPath, ['--eval', timed, folder], { env })).stdout);
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function measured(name: HandlerName, ways: readonly Way[]): Promise<string[]> {
  const times = ways.map((): number[] => []);
  for (let turn = 0; turn < processes; turn += 1) {
    for (const [at, { folders }] of ways.entries()) times[at]?.push(await importMs(folders[name]));
  }
  return Promise.all(
    ways.map(async ({ folders }, at) => {
      const { size } = await stat(join(folders[name], 'index.js'));
      return `${(size / 1024).toFixed(0)} KiB ${median(times[at] ?? []).toFixed(0)} ms`.padStart(24);
    }),
  );
}

try {
  await bundleHandlers();
  const ours = Object.fromEntries(handlerNames.map((name) => [name, join(repository, 'dist/handlers', name)]));
  const ways: Way[] = [
    { label: 'here', folders: ours as Record<HandlerName, string> },
    { label: 'NodejsFunction', folders: await defaultBundles(repository, join(scratch, 'default')) },
    {
      label: 'with bundleAwsSDK',
      folders: await defaultBundles(repository, join(scratch, 'sdk'), { bundleAwsSDK: true }),
    },
  ];
  process.stdout.write(`${'handler'.padEnd(10)}${ways.map(({ label }) => label.padStart(24)).join('')}\n`);
  for (const name of handlerNames) {
    process.stdout.write(`${name.padEnd(10)}${(await measured(name, ways)).join('')}\n`);
  }
  process.stdout.write(`The median of ${processes} fresh processes each, Node ${process.versions.node}.\n`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
