import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Screen } from '../../cli/progress.ts';
import { runCsv } from '../cli/csv/play-csv.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { holdsWhatCommandsPrint } from './made-by-commands.ts';

const document = new URL('../../docs/csv.md', import.meta.url);

let test: TestRelay;
beforeAll(async () => {
  test = await startTestRelay({ httpPort: 0, speed: 2_000 });
});
afterAll(() => test.close());

/** Without what is drawn anew for each run: who somebody is, and what is found of them. */
const steady = (text: string) =>
  text.replace(/(?<=^```csv contacts\.csv\n).*?(?=^```)/gms, (table) => {
    const { data, meta } = Papa.parse<Record<string, string>>(table, { header: true, skipEmptyLines: true });
    const rows = data.map(({ Name, Notes, status, reason, credits }) =>
      [Name, Notes, status, reason, credits].join('|'),
    );
    return [meta.fields?.join(','), ...rows, ''].join('\n');
  });

/** No time passes, so that the lines are the same on a machine that takes long. */
const startedAt = Date.now();
const now = () => startedAt;

/** A terminal of this width, and the last line that it shows. */
function terminal(columns: number): { screen: Screen; lastLine: () => string } {
  let text = '';
  const screen = { isTTY: true, columns, write: (more: string) => (text += more) };
  return {
    screen,
    lastLine: () =>
      text
        .match(/[^\r\n]*━[^\r\n]*|\d+\/\d+ [^\r\n]*/g)
        ?.at(-1)
        ?.replace('\u001b[K', '') ?? '',
  };
}

it('shows what the commands print', async () => {
  const folder = await temporaryFolder();
  const there = (text: string) => text.replaceAll(`${folder}/`, '');
  const make = async ([part, language = '', name = '', content = '']: RegExpExecArray) => {
    const block = (text: string) => `\`\`\`${language}${name && ` ${name}`}\n${text}\`\`\``;
    if (language === 'csv' && name === 'people.csv') {
      await writeFile(join(folder, name), content);
      return part;
    }
    if (language === 'csv') return block(await readFile(join(folder, name), 'utf8'));
    if (language === 'console') {
      const command = content.split('\n')[0] ?? '';
      const given = command.split(' -- csv ')[1]?.split(' ') ?? [];
      const { code, stderr } = await runCsv(
        test,
        given.map((word) => (/\.csv$/.test(word) ? join(folder, word) : word)),
        { now },
      );
      expect(code, command).toBe(0);
      return block(`${command}\n${there(stderr)}`);
    }
    const { screen, lastLine } = terminal(Number(name));
    await runCsv(test, [join(folder, 'people.csv'), '--out', join(folder, `${name}.csv`)], {
      now,
      stderr: screen,
      environment: { NO_COLOR: '1', REVEAL_RELAY_URL: test.relay.deployment.httpUrl },
    });
    expect(lastLine().length).toBeLessThan(Number(name));
    return block(`${lastLine()}\n`);
  };
  await holdsWhatCommandsPrint(document, /^```(csv|console|terminal)(?: (\S+))?\n(.*?)^```$/gms, make, steady);
});
