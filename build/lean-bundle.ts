import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Leaves out of a handler's bundle what no handler can come to: a third of it, which each cold start would read. The test of the sizes
 * notices when an update of a dependency undoes one of these.
 */
export const leanBundle: Plugin = {
  name: 'lean-bundle',
  setup({ onResolve, onLoad }) {
    const instead = (filter: RegExp, contents: string) => {
      onResolve({ filter }, ({ path, resolveDir }) => ({ path, namespace: 'instead', pluginData: { resolveDir } }));
      onLoad({ filter, namespace: 'instead' }, ({ pluginData }) => ({ contents, resolveDir: pluginData.resolveDir }));
    };
    // Lambda puts the role's credentials into the environment. The usual chain looks for SSO, profiles, STS and instances as well: 130 KB.
    instead(
      /^@aws-sdk\/credential-provider-node$/,
      "import { fromEnv } from '@aws-sdk/credential-provider-env'; export const defaultProvider = () => fromEnv();",
    );
    // Loaded for operations that stream events, as Kinesis and Bedrock have them: 15 KB.
    instead(/^@smithy\/core\/event-streams$/, 'export {};');
    // Holds the endpoints that DynamoDB discovers, one per key, if it is told to: it is not. 7 KB.
    instead(/^mnemonist\/lru-cache$/, 'export default class extends Map { constructor(_capacity) { super(); } }');
    // For where Node has no SHA-256 of its own. 3 KB.
    instead(/^\.\/Sha256Js$/, 'export class Sha256Js {}');
    // A client says its version to AWS, and nothing else of its package.json: 4 KB.
    onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    // One use of a namespace through another keeps all of it: 10 KB.
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]mini[\\/]schemas\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('core.util.', 'util.'),
    }));
  },
};
