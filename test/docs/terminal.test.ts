import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reveal } from '../../cli/client/client.ts';
import { serve } from '../../cli/embedded/serve.ts';
import type { Screen } from '../../cli/progress.ts';
import { testAssembly } from '../support/assembly.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type DocumentedRelay, startDocumentedRelay } from './documented-relay.ts';
import { holdsWhatCommandsPrint } from './made-by-commands.ts';
import { terminal } from './terminal.ts';

const document = new URL('../../docs/terminal.md', import.meta.url);

let test: DocumentedRelay;
beforeAll(async () => {
  test = await startDocumentedRelay();
});
afterAll(() => test.close());

const silent: Screen = { write: () => true };
const context = (given: readonly string[], screen: Screen) => ({
  given,
  environment: { NO_COLOR: '1', REVEAL_RELAY_URL: test.relay.deployment.httpUrl },
  stdout: screen,
  stderr: screen,
  interrupted: new AbortController().signal,
});

/** Time passes while somebody watches. */
async function runReveal(given: readonly string[], screen: Screen): Promise<void> {
  const credentials = async () => {
    throw new Error('no credentials here');
  };
  const done = reveal({ ...context(given, screen), stdin: Readable.from([]), credentials });
  await (given[0] === 'watch' ? test.relay.deployment.fastForward?.during(done) : done);
}

/** Asks while a relay runs on the same folder. */
async function runLocal(given: readonly string[], screen: Screen): Promise<void> {
  const data = join(await realpath(await temporaryFolder()), '.local');
  const stopped = new AbortController();
  const assembly = await testAssembly();
  let asked: Promise<number> | undefined;
  const listening: Screen = {
    write: (text) => {
      if (!text.startsWith('listening on ')) return;
      const renamed: Screen = { ...screen, write: (line) => screen.write(asAtHome(line, data)) };
      asked = serve({ ...context([...given, '--data', data], renamed), assembly });
      void asked.finally(() => stopped.abort());
    },
  };
  const relay = { ...context(['--port', '0', '--data', data], listening), stderr: silent, environment: {} };
  expect(await serve({ ...relay, assembly, interrupted: stopped.signal })).toBe(0);
  expect(await asked).toBe(0);
}

/** The folder and the port of somebody who gives neither. */
const asAtHome = (line: string, data: string) =>
  line
    .replaceAll(data, '/home/ada/relay/.local')
    .replace(/(?<=127\.0\.0\.1:)\d+/, line.startsWith('listening') ? '8787' : '40123');

/** Without times, the order of what was started at once, how far a running reveal has come, and what was found. */
const steady = (page: string) =>
  page
    .replace(/(?<=^\$ npm run reveal -- list\n).*?(?=^```)/gms, (rows) => rows.split('\n').toSorted().join('\n'))
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:[\d.]+Z)?/g, 'a time')
    .replace(/^ *\d+:\d\d {2}.*polls?.*$/gm, 'how it goes')
    .replace(/(?<=polls {12})\d+/g, 'some')
    .replace(/\S+@example\.(com|org)|\+1\d{10}/g, 'a contact')
    .replace(/(?<=vendor says {6})\S+/g, 'something');

it('shows what the commands print on a terminal', async () => {
  const parts = /^<!-- (\d+) seconds later -->$|^```terminal (\d+)\n(\$ [^\n]*)\n.*?^```$/gms;
  await holdsWhatCommandsPrint(
    document,
    parts,
    async ([whole, later, columns, command = '']) => {
      if (later !== undefined) {
        await test.pass(Number(later));
        return whole;
      }
      const { screen, shown } = terminal(Number(columns));
      const [, script, words = ''] = /^\$ npm run (reveal|local) -- (.*)$/.exec(command) ?? [];
      await (script === 'local' ? runLocal : runReveal)(words.split(' '), screen);
      return `\`\`\`terminal ${columns}\n${command}\n${shown()}\`\`\``;
    },
    steady,
  );
});
