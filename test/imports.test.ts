import { readdir, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const { dirname, join, normalize } = posix;
const repository = fileURLToPath(new URL('..', import.meta.url));

const rules = ['lambdas/reveal', 'lambdas/polling', 'lambdas/fiber', 'lambdas/contract.ts'];
/** What every command is made of. */
const shared = [
  'address',
  'command-context',
  'duration',
  'fields',
  'in-lines',
  'json-object',
  'plain-text',
  'progress',
  'reveal-id',
  'stack-outputs',
  'usage-error',
  'vendor-choice',
].map((name) => `cli/${name}.ts`);
/** Which rooms a room may import from, itself included; the first matching room is a file's own. */
const mayImport: [room: string, from: string[]][] = [
  ['bin', ['bin', 'lib', 'cli', 'build', 'lambdas/http', 'lambdas/contract.ts']],
  ['build/docs', ['build/docs', 'lib/config']],
  ['build', ['build', 'lambdas/http', 'lambdas/reveal', 'lambdas/contract.ts']],
  ['lib/config', ['lib', 'lambdas/contract.ts']],
  // Who uses the API needs neither the CDK nor what the handlers are made of.
  ['lib/client', ['lib/client']],
  ['lib', ['lib', 'lambdas/contract.ts']],
  ['local/fiber', ['local/fiber']],
  ['local', ['local', 'build', 'lambdas/contract.ts']],
  // What acts on a deployed relay, and what all commands share, knows nothing of the relay that runs here.
  ['cli/embedded', ['cli/embedded', ...shared, 'local', 'lambdas/contract.ts']],
  ['cli/client', ['cli/client', 'lib/client', ...shared, 'lambdas/contract.ts']],
  // It tells people apart as the relay does.
  ['cli/csv', ['cli/csv', 'cli/client', ...shared, 'lambdas/reveal/person', 'lambdas/contract.ts']],
  ['cli/redrive', ['cli/redrive', ...shared, 'lambdas/contract.ts']],
  // It reads of an account what the relay reads, and the key as the relay reads it.
  ['cli/doctor', ['cli/doctor', ...shared, 'lambdas/fiber', 'lambdas/aws/api-key.ts', 'lambdas/contract.ts']],
  ['cli/stack', ['cli/stack', ...shared, 'lambdas/contract.ts']],
  ['cli', [...shared, 'lambdas/contract.ts']],
  ['bench/cold.ts', ['bench/cold', 'build', 'lambdas/contract.ts']],
  [
    'bench',
    ['bench', 'lambdas/polling', 'lambdas/contract.ts', 'lib/workflow/retriers.ts', 'local', 'cli/usage-error.ts'],
  ],
  ['lambdas/contract.ts', []],
  ['lambdas/polling', ['lambdas/polling', 'lambdas/contract.ts']],
  ['lambdas/fiber', ['lambdas/fiber', 'lambdas/contract.ts']],
  ['lambdas/reveal', rules],
  ['lambdas/webhooks', ['lambdas/webhooks', ...rules]],
  ['lambdas/aws', ['lambdas/aws', 'lambdas/webhooks', ...rules]],
  ['lambdas/usecases', ['lambdas/usecases', 'lambdas/aws', 'lambdas/webhooks', ...rules]],
  ['lambdas/runtime', ['lambdas/runtime', 'lambdas/usecases', 'lambdas/aws', ...rules]],
  [
    'lambdas/http',
    ['lambdas/http', 'lambdas/runtime', 'lambdas/usecases', 'lambdas/aws', 'lambdas/webhooks', ...rules],
  ],
  ['lambdas', ['lambdas/http', 'lambdas/runtime', 'lambdas/usecases', 'lambdas/aws', 'lambdas/webhooks', ...rules]],
];

/** Which packages a room may import; Node's own modules are checked apart. */
const mayUse: [room: string, packages: RegExp][] = [
  ['lib/config', /^(aws-cdk-lib|constructs|zod)/],
  ['lib/client', /^@smithy\/(signature-v4|core\/checksum)$/],
  ['lib', /^(aws-cdk-lib|constructs)/],
  ['lambdas/fiber', /^zod\/mini$/],
  ['lambdas/reveal', /^zod\/mini$/],
  ['lambdas/polling', /^$/],
  ['lambdas/http', /^zod\/mini$/],
  ['lambdas/webhooks', /^(zod\/mini|standardwebhooks|request-filtering-agent)$/],
  ['lambdas/aws', /^(@aws-sdk\/|@aws-lambda-powertools\/|@smithy\/core\/)/],
  ['lambdas/runtime', /^(@aws-sdk\/|@aws-lambda-powertools\/)/],
  ['lambdas/usecases', /^$/],
  ['lambdas/contract.ts', /^$/],
  ['lambdas', /^@aws-lambda-powertools\//],
  ['bench/cold', /^aws-cdk-lib/],
  ['bench', /^$/],
];

/** Pure rules reach neither network, disk, clock nor environment. */
const pureModules = ['node:crypto', 'node:zlib'];

/** What asks the vendor, and receivers; all else in their rooms, and every rule about a reveal, is pure. */
const clients = [
  ...['http/vendor-http', 'fiber-client', 'fiber-starts', 'fiber-account'].map((name) => `lambdas/fiber/${name}.ts`),
  'lambdas/webhooks/receiver-http.ts',
];
const pureRooms = ['lambdas/fiber', 'lambdas/polling', 'lambdas/reveal', 'lambdas/webhooks'];
const isPure = (path: string) => !clients.includes(path) && pureRooms.some((room) => isIn(path, room));

const isIn = (path: string, room: string) => path === room || path.startsWith(`${room}/`);
const roomOf = <Rule>(rules: [string, Rule][], path: string) => rules.find(([room]) => isIn(path, room))?.[1];

async function sources(): Promise<{ path: string; text: string }[]> {
  const rooms = ['bin', 'build', 'cli', 'lib', 'local', 'bench', 'lambdas'];
  const listed = await Promise.all(
    rooms.map((room) => readdir(join(repository, room), { recursive: true }).catch(() => [] as string[])),
  );
  const paths = listed
    .flatMap((names, at) => names.map((name) => `${rooms[at]}/${name.replaceAll('\\', '/')}`))
    .filter((path) => path.endsWith('.ts'));
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(repository, path), 'utf8') })));
}

const importsOf = (text: string) =>
  [...text.matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from '([^']+)'|import\('([^']+)'\)|\nimport '([^']+)'/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );

const violations = async (check: (path: string, imported: string) => boolean) =>
  (await sources()).flatMap(({ path, text }) =>
    importsOf(text)
      .filter((imported) => !check(path, imported))
      .map((imported) => `${path} imports ${imported}`),
  );

describe('imports', () => {
  it('finds the imports it is about to judge', () => {
    expect(importsOf("import a from './a.ts';\nexport { b } from './b.ts';\nimport './c.ts';")).toEqual([
      './a.ts',
      './b.ts',
      './c.ts',
    ]);
  });

  it('stay within the rooms of the design', async () => {
    const found = await violations((path, imported) => {
      if (!imported.startsWith('.')) return true;
      const target = normalize(join(dirname(path), imported));
      return (roomOf(mayImport, path) ?? []).some((room) => isIn(target, room));
    });
    expect(found).toEqual([]);
  });

  it('never let one handler import another', async () => {
    const isHandler = (path: string) => /^lambdas\/(?!contract)[^/]+\.ts$/.test(path);
    expect(
      await violations((path, imported) => !(isHandler(path) && isHandler(normalize(join(dirname(path), imported))))),
    ).toEqual([]);
  });

  it('bring in only the packages that belong in the room', async () => {
    const found = await violations((path, imported) => {
      if (imported.startsWith('.') || imported.startsWith('node:')) return true;
      return roomOf(mayUse, path)?.test(imported) ?? true;
    });
    expect(found).toEqual([]);
  });

  it('give use cases the adapters by type alone', async () => {
    const values = (await sources())
      .filter(({ path }) => isIn(path, 'lambdas/usecases'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/^import (?!type ).* from '(?:\.\.\/)+aws\/.*$/gm)].map(([line]) => `${path}: ${line}`),
      );
    expect(values).toEqual([]);
  });

  it('keep files of settings, which only a clone has, and zod with them out of the construct', async () => {
    const isConfig = (path: string) => isIn(path, 'lib/config');
    expect(
      await violations(
        (path, imported) => isConfig(path) || !isIn(path, 'lib') || !isConfig(normalize(join(dirname(path), imported))),
      ),
    ).toEqual([]);
  });

  it('keep the rules pure, and zod out of its 443 KiB form', async () => {
    const found = await violations((path, imported) => {
      if (isPure(path) && imported.startsWith('node:')) return pureModules.includes(imported);
      if (isPure(path) && clients.includes(normalize(join(dirname(path), imported)))) return false;
      return imported !== 'zod' || !isIn(path, 'lambdas');
    });
    const impure = (await sources()).filter(
      ({ path, text }) => isPure(path) && /Date\.now|new Date\(\)|Math\.random|process\.|setTimeout|fetch\(/.test(text),
    );
    expect([...found, ...impure.map(({ path }) => path)]).toEqual([]);
  });

  it('have no room called utils', async () => {
    expect((await sources()).filter(({ path }) => /util|helper|common|misc/i.test(path))).toEqual([]);
  });
});
