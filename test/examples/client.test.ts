import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { workEmailsOf } from '../../examples/client/work-emails.ts';
import { type OperationName, RevealRelayClient } from '../../lib/client/index.ts';
import { startTestRelay } from '../support/relay.ts';

const page = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
const [section = ''] = page.split('## From TypeScript\n')[1]?.split('\n## ') ?? [];

it('finds the addresses of a person, and none of what is no person', async () => {
  await using test = await startTestRelay({ httpPort: 0, speed: 2_000 });
  const relay = new RevealRelayClient({ url: test.relay.deployment.httpUrl ?? '' });
  const found = await workEmailsOf('https://www.linkedin.com/in/quick-ada', relay);
  expect(found.length).toBeGreaterThan(0);
  expect(found.every((email) => email.includes('@'))).toBe(true);
  expect(await workEmailsOf('https://www.linkedin.com/company/example', relay)).toEqual([]);
  await expect(workEmailsOf('https://www.linkedin.com/in/failed-ada', relay)).rejects.toThrow('failed (vendor-failed)');
});

it('is what docs/api.md shows, which names methods and operations that there are', async () => {
  const example = await readFile(new URL('../../examples/client/work-emails.ts', import.meta.url), 'utf8');
  const shown = [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
  expect(shown).toEqual([example.replace("'../lib/client/index.ts'", "'reveal-relay/client'")]);
  const named = [...section.matchAll(/(?:relay\.|`)(\w+)\(/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in RevealRelayClient.prototype || name === 'defaultProvider'))).toEqual([]);
  const operation = /call\('(\w+)'/.exec(section)?.[1] satisfies string | undefined;
  expect(operation).toBe('getReveal' satisfies OperationName);
});
