import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { startTestRelay } from './support/relay.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
let readme: string;
let pages: { name: string; text: string }[];

beforeAll(async () => {
  const names = (await readdir(`${repository}docs`))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  pages = await Promise.all(
    ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...names].map(async (name) => ({
      name,
      text: await readFile(`${repository}${name}`, 'utf8'),
    })),
  );
  readme = pages[0]?.text ?? '';
});

const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code = '']) => code);

/** The names of all fields, those of nested objects included; of a list the fields of its first item. */
function fields(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return fields(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [path];
  return Object.entries(value).flatMap(([name, item]) => fields(item, `${path}.${name}`));
}

describe('the README', () => {
  it('shows the code of an example, which `npm run check` compiles', async () => {
    const example = await readFile(`${repository}examples/minimal/app.ts`, 'utf8');
    expect(blocks(readme, 'ts')).toEqual([example]);
  });

  it('shows the record and the event with the fields that they have', async () => {
    await using test = await startTestRelay({ httpPort: 0 });
    const { relay } = test;
    const response = await fetch(`${relay.deployment.httpUrl}/reveals`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ linkedinUrl: 'https://www.linkedin.com/in/example' }),
    });
    const { revealId } = (await response.json()) as { revealId: string };
    await relay.ended(String((await relay.record(revealId))?.executionArn));
    const record = await relay.record(revealId);
    const [event] = relay.published;
    const [shownRecord, shownEvent] = blocks(readme, 'json').map((json) => JSON.parse(json));
    expect(fields(shownRecord).sort()).toEqual(fields(record).sort());
    expect(fields(shownEvent).sort()).toEqual(fields(event?.detail).sort());
  });

  it('fits on a few screens', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(200);
  });
});

describe('every page', () => {
  it('names files of code that are there', () => {
    const named = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/`([a-z][\w-]*(?:\/[\w.-]+)+\.ts)`/g)].map(([, path = '']) => ({ name, path })),
    );
    // Rooms of the handlers are named without the folder that they are all in.
    const isThere = (path: string) => ['', 'lambdas/'].some((folder) => existsSync(`${repository}${folder}${path}`));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ path }) => !isThere(path))).toEqual([]);
  });

  it('links to files that are there', () => {
    const missing = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^https?:/.test(target))
        .filter((target) => !existsSync(fileURLToPath(new URL(target, pathToFileURL(`${repository}${name}`)))))
        .map((target) => `${name} -> ${target}`),
    );
    expect(missing).toEqual([]);
  });

  it('names commands that there are', async () => {
    const { scripts } = JSON.parse(await readFile(`${repository}package.json`, 'utf8'));
    const named = pages.flatMap(({ text }) => [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script));
    expect([...new Set(named)].filter((script) => !(script in scripts))).toEqual([]);
  });
});
