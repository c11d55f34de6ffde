import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';
import { leanBundle } from './lean-bundle.ts';

/** What people run in code of their own, and where the package has it. */
export const smallEntryNames = ['lib/client/index', 'lambdas/consumer', 'lambdas/record'] as const;

/**
 * How those are bundled, once for `import` and once for `require`: each is a few KB on nothing but Node, and no instance is compared with another copy's.
 * What they need of other packages is in them.
 */
export const smallEntries = {
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  entryPoints: smallEntryNames.map((name) => ({ in: `${name}.ts`, out: name })),
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  plugins: [leanBundle],
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;
