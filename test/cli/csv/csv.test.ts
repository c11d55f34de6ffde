import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CsvContext } from '../../../cli/csv/csv.ts';
import { csvUsage } from '../../../cli/csv/csv-usage.ts';
import type { PaidTask } from '../../../local/fiber/index.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { runCsv } from './play-csv.ts';

let test: TestRelay;
const paid: PaidTask[] = [];
beforeAll(async () => {
  test = await startTestRelay({ httpPort: 0, speed: 2_000, fiber: { onCharge: (task) => paid.push(task) } });
});
afterAll(() => test.close());

const url = (slug: string) => `https://www.linkedin.com/in/${slug}`;
const paidFor = (slug: string) => paid.filter(({ linkedinUrl }) => linkedinUrl === url(slug)).length;
const run = (given: string[], more?: Partial<CsvContext>) => runCsv(test, given, more);

/** A folder with this file in it. */
async function withFile(content: string | Uint8Array, name = 'people.csv') {
  const folder = await temporaryFolder();
  const path = join(folder, name);
  await writeFile(path, content);
  return { folder, path, out: join(folder, 'contacts.csv') };
}
const records = async (path: string) =>
  Papa.parse<Record<string, string>>(await readFile(path, 'utf8'), { header: true, skipEmptyLines: true }).data;

describe('from a list to a file', () => {
  it('writes each row with what was found, in order, and pays for a person once', async () => {
    const { folder, path, out } = await withFile(
      [
        'Name,LinkedIn URL,Notes',
        `Ada,${url('quick-csv-ada')},"says ""hi"", twice"`,
        'Nobody,https://www.linkedin.com/company/example,',
        `Eve,${url('empty-csv-eve')},=1+2`,
        `Ada again,linkedin.com/in/Quick-CSV-Ada/?trk=1,`,
        `Fred,${url('failed-csv-fred')},`,
        'None,,',
        '',
      ].join('\n'),
    );
    const { code, stdout, stderr } = await run([path, '--out', out, '--yes', '--low-quality']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('people.csv: 6 rows, profiles in the column "LinkedIn URL"\n');
    expect(stderr).toContain('  3 different persons, and 2 rows without one that can be read\n');
    expect(stderr).toContain('  3 are to be looked for: 36 credits at the most by list price, about 4 minutes\n');
    expect(stderr).toMatch(/3 of 3: 1 found, 1 nothing, 1 failed, \d+ credits\n/);
    expect(stderr).toMatch(/contacts\.csv: 6 rows, 2 found, 1 nothing, 3 failed, \d+ credits\n$/);

    const rows = await records(out);
    expect(rows.map(({ Name, status }) => `${Name}: ${status}`)).toEqual([
      'Ada: completed',
      'Nobody: refused',
      'Eve: completed',
      'Ada again: completed',
      'Fred: failed',
      'None: refused',
    ]);
    const [ada, nobody, eve, again, fred] = rows;
    expect(ada).toMatchObject({
      Notes: 'says "hi", twice',
      reason: '',
      work_emails: expect.stringMatching(/^work\.\w+@example\.com/),
      personal_emails: expect.stringMatching(/^personal\.\w+@example\.org/),
      phones: expect.stringMatching(/^\+\d+/),
      low_quality_emails: expect.stringContaining('@example.'),
      credits: '12',
      reveal_id: expect.stringMatching(/^person-1-[0-9a-f]{40}$/),
    });
    expect(again).toEqual({
      ...ada,
      Name: 'Ada again',
      'LinkedIn URL': 'linkedin.com/in/Quick-CSV-Ada/?trk=1',
      Notes: '',
      credits: '0',
    });
    expect(nobody).toMatchObject({
      reason: expect.stringContaining('must name a person'),
      reveal_id: '',
      credits: '0',
    });
    expect(eve).toMatchObject({ Notes: "'=1+2", reason: 'nothing-found', work_emails: '', phones: '', credits: '0' });
    expect(fred).toMatchObject({ reason: expect.stringMatching(/^vendor-failed: /), credits: expect.any(String) });
    expect(paidFor('quick-csv-ada')).toBe(1);

    expect((await readdir(folder)).sort()).toEqual(['contacts.csv', 'people.csv']);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(stderr).not.toMatch(/@example|\+1\d{5}|quick-csv/);
  });

  it('says what is known already, at no cost, and writes it without asking', async () => {
    const { path, out } = await withFile(`profile\n${url('quick-csv-known')}\n`);
    await run([path, '--out', out, '--yes', '--find', 'work-emails']);
    const { code, stderr } = await run([path, '--out', `${out}.2`]);
    expect(code).toBe(0);
    expect(stderr).toContain('  1 is known already, at no cost\n');
    expect(await records(`${out}.2`)).toMatchObject([
      { status: 'completed', reason: 'not asked for personal-emails, phone-numbers', credits: '0' },
    ]);
    expect(paidFor('quick-csv-known')).toBe(1);
  });

  it('waits for tasks that somebody has started, at no cost', async () => {
    const { path, out } = await withFile('name,task id\na,quick-csv-1\nb,not an id\nc,empty-csv-1\n');
    const { stderr } = await run([path, '--out', out, '--yes']);
    expect(stderr).toContain('  2 are to be looked for: at no cost, about 4 minutes\n');
    expect(await records(out)).toMatchObject([
      { name: 'a', status: 'completed', reveal_id: 'quick-csv-1' },
      { name: 'b', status: 'refused' },
      { name: 'c', status: 'completed', reason: 'nothing-found' },
    ]);
  });

  it('keeps to what the list may cost', async () => {
    const { path, out } = await withFile(`profile\n${url('quick-cap-1')}\n${url('quick-cap-2')}\n`);
    const { stderr } = await run([path, '--out', out, '--yes', '--max-credits', '12']);
    expect(stderr).toContain('24 credits at the most by list price, of which --max-credits allows 12,');
    const rows = await records(out);
    expect(rows.map(({ status, reason }) => `${status} ${reason}`.trim()).sort()).toEqual([
      'completed',
      'errored credit-cap-reached',
    ]);
    expect(paidFor('quick-cap-1') + paidFor('quick-cap-2')).toBe(1);
  });

  it('pays for a new result once where one is wished for', async () => {
    const { path, out } = await withFile(`profile\n${url('quick-csv-fresh')}\n`);
    await run([path, '--out', out, '--yes']);
    await run([path, '--out', out, '--yes', '--force', '--max-age', '0']);
    expect(paidFor('quick-csv-fresh')).toBe(2);
    expect(await records(out)).toMatchObject([{ status: 'completed', credits: '12' }]);
  });

  it('reads and writes JSON Lines, packed and piped', async () => {
    const line = JSON.stringify({ profile: url('quick-csv-json'), tags: ['a'], status: 3 });
    const { bytes, code, stderr } = await run(['-', '--out', '-', '--format', 'jsonl', '--yes'], {
      stdin: Readable.from([gzipSync(`${line}\n`)]),
    });
    expect(code).toBe(0);
    expect(JSON.parse(bytes.toString())).toMatchObject({
      profile: url('quick-csv-json'),
      tags: ['a'],
      status: 3,
      reveal_status: 'completed',
      work_emails: expect.arrayContaining([expect.stringContaining('@example.com')]),
      credits: 12,
    });
    expect(stderr).toContain('standard input: 1 row, profiles in the column "profile"');

    const { path, folder } = await withFile(`${line}\n`, 'people.ndjson');
    await run([path, '--out', join(folder, 'out.csv.gz'), '--yes']);
    const unpacked = gunzipSync(await readFile(join(folder, 'out.csv.gz'))).toString();
    expect(unpacked).toMatch(/^profile,tags,status,reveal_status,.*\n"?https:\/\/\S+,a,3,completed,/);
  });

  it('keeps the delimiter, the line ends and the byte order mark', async () => {
    const { path, out } = await withFile(`\ufeffName;profile\r\nJosé;${url('quick-csv-jose')}\r\n`);
    await run([path, '--out', out, '--yes']);
    expect(await readFile(out, 'utf8')).toMatch(/^\ufeffName;profile;status;[^\n]*\r\nJosé;https:[^\n]*\r\n$/);
  });
});

describe('asking', () => {
  it('asks before it pays, and does nothing where the answer is no', async () => {
    const { folder, path, out } = await withFile(`profile\n${url('quick-csv-asked')}\n`);
    const asked: string[] = [];
    const answering = (answer: boolean) => ({
      confirm: async (question: string) => {
        asked.push(question);
        return answer;
      },
    });
    expect(await run([path, '--out', out], answering(false))).toMatchObject({ code: 0 });
    expect(await readdir(folder)).toEqual(['people.csv']);
    expect(paidFor('quick-csv-asked')).toBe(0);
    expect(await run([path, '--out', out], answering(true))).toMatchObject({ code: 0 });
    expect(asked).toEqual(Array(2).fill('Look for 1, for up to 12 credits?'));
    expect(paidFor('quick-csv-asked')).toBe(1);
  });

  it('says that nobody is there to ask, and what to give', async () => {
    const { folder, path, out } = await withFile(`profile\n${url('quick-csv-nobody')}\n`);
    const { code, stderr } = await run([path, '--out', out]);
    expect(code).toBe(2);
    expect(stderr).toContain('There is nobody to ask: give --yes');
    expect(await readdir(folder)).toEqual(['people.csv']);
  });

  it('says that the relay starts nothing while the brake is on', async () => {
    const { path, out } = await withFile(`profile\n${url('quick-csv-braked')}\n`);
    await fetch(`${test.relay.deployment.httpUrl}/starts/pause`, { method: 'POST' });
    const { stderr } = await run([path, '--out', out], { confirm: async () => false });
    await fetch(`${test.relay.deployment.httpUrl}/starts/go`, { method: 'POST' });
    expect(stderr).toContain('The relay starts nothing at the moment: starts-paused.');
  });
});

describe('a run that is interrupted', () => {
  it('says that the same command goes on, which it does', async () => {
    const { folder, path, out } = await withFile(`profile\n${url('quick-csv-stopped')}\n${url('slow-csv-stopped')}\n`);
    const interruption = new AbortController();
    const stopped = await run([path, '--out', out, '--yes'], {
      interrupted: interruption.signal,
      sleep: async () => {
        interruption.abort();
        interruption.signal.throwIfAborted();
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/Interrupted\. The same command goes on where it was\.\n$/);
    expect((await readdir(folder)).sort()).toEqual(['contacts.csv.journal', 'people.csv']);
    const journal = await readFile(`${out}.journal`, 'utf8');
    expect(journal).not.toMatch(/csv-stopped|linkedin/);
    expect((await stat(`${out}.journal`)).mode & 0o777).toBe(0o600);

    const { code, stderr } = await run([path, '--out', out]);
    expect(code).toBe(0);
    expect(stderr).toContain('2 are asked for already, by the run that this one goes on with');
    expect((await records(out)).map(({ credits }) => credits)).toEqual(['12', '12']);
    expect(paidFor('quick-csv-stopped') + paidFor('slow-csv-stopped')).toBe(2);
  });

  it('pays for nobody again whose result the relay keeps no more', async () => {
    const { path, out } = await withFile(`profile\n${url('quick-csv-expired')}\n`);
    const interruption = new AbortController();
    await run([path, '--out', out, '--yes'], {
      interrupted: interruption.signal,
      sleep: async () => {
        interruption.abort();
        interruption.signal.throwIfAborted();
      },
    });
    const journal = await readFile(`${out}.journal`, 'utf8');
    await writeFile(`${out}.journal`, journal.replace(/person-1-[0-9a-f]{40}/, `person-1-${'0'.repeat(40)}`));
    expect(await run([path, '--out', out])).toMatchObject({ code: 0 });
    expect(await records(out)).toMatchObject([
      { status: 'expired', reason: 'the relay keeps the result no more', credits: '' },
    ]);
    expect(paidFor('quick-csv-expired')).toBeLessThanOrEqual(1);
  });
});

describe('what cannot be worked with', () => {
  it.each<[string, string[], string]>([
    ['no file', [], 'Give the file: csv people.csv --out contacts.csv'],
    ['two files', ['a', 'b', '--out', 'c'], 'csv takes one file at a time'],
    ['no result', ['a'], 'Say with --out where the result is to go'],
    ['another format', ['a', '--out', 'b', '--format', 'xml'], '--format takes csv, tsv, jsonl.'],
    ['a cap in words', ['a', '--out', 'b', '--max-credits', 'few'], '--max-credits takes a whole number'],
    ['a piped wish without a name', ['a', '--out', '-', '--max-age', '0'], 'Give a --key of your own'],
    ['an unknown option', ['a', '--out', 'b', '--fast'], "Unknown option '--fast'"],
    ['an address that is none', ['a', '--out', 'b', '--url', 'x'], '--url is no address'],
  ])('is refused with what to give: %s', async (_what, given, message) => {
    const { code, stdout, stderr } = await run(given);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/All options: npm run reveal -- csv --help\n$/);
  });

  it('is named, with exit code 2, and leaves nothing behind', async () => {
    const { folder, path, out } = await withFile(`profile\n${url('quick-csv-refused')}\n`);
    const of = async (given: string[]) => {
      const { code, stderr } = await run(given);
      return `${code} ${stderr.split(':')[0]}`;
    };
    const put = async (name: string, content: string | Uint8Array) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    expect(await of([join(folder, 'none.csv'), '--out', out])).toBe('2 no-such-file');
    expect(await of([folder, '--out', out])).toBe('2 unreadable-file');
    expect(await of([await put('cut.csv.gz', gzipSync('profile\nada\n').subarray(0, 15)), '--out', out])).toBe(
      '2 not-gzip',
    );
    expect(await of([await put('empty.csv', ''), '--out', out])).toBe('2 empty');
    expect(await of([await put('latin.csv', Buffer.from('a\n\xe9\n', 'latin1')), '--out', out])).toBe('2 not-utf-8');
    expect(await of([await put('none.csv', 'a,b\n1,2\n'), '--out', out])).toBe('2 no-column');
    expect(await of([await put('two.csv', `a,b\n${url('x-1')},${url('x-2')}\n`), '--out', out])).toBe(
      '2 ambiguous-column',
    );
    expect(await of([await put('own.csv', `profile,status,reveal_status\n${url('x-1')},,\n`), '--out', out])).toBe(
      '2 column-name-taken',
    );
    expect(await of([path, '--out', path, '--force'])).toBe('2 output-is-input');
    expect(await of([path, '--out', join(folder, 'no', 'where.csv')])).toBe('2 no-such-folder');
    expect(await of([path, '--out', await put('there.csv', 'x'), '--yes'])).toBe('2 output-exists');
    await put('contacts.csv.journal', 'Dear diary\n');
    expect(await of([path, '--out', out, '--yes'])).toBe('2 not-a-journal');
    await mkdir(join(folder, 'folder.csv'));
    expect(await of([path, '--out', join(folder, 'folder.csv'), '--force'])).toBe('2 output-exists');
    expect(await readFile(join(folder, 'there.csv'), 'utf8')).toBe('x');
    expect(paidFor('quick-csv-refused')).toBe(0);
  });

  it('does not go on with the run of another list, unless it is told to leave that', async () => {
    const { path, out } = await withFile(`profile\n${url('quick-csv-other')}\n`);
    await writeFile(
      `${out}.journal`,
      '{"journal":1,"began":"2026-11-27T12:00:00.000Z","fingerprint":"another","known":[]}\n',
    );
    const { code, stderr } = await run([path, '--out', out, '--yes']);
    expect({ code, problem: stderr.split(':')[0] }).toEqual({ code: 2, problem: 'other-run' });
    expect(await run([path, '--out', out, '--yes', '--force'])).toMatchObject({ code: 0 });
  });

  it('is the relay: the message says what to do, with exit code 1', async () => {
    const { folder, path, out } = await withFile(`profile\n${url('quick-csv-gone')}\n`);
    const gone = await run([path, '--out', out, '--yes', '--url', 'http://127.0.0.1:9']);
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('Nobody answers at http://127.0.0.1:9') });
    const refused = await run([path, '--out', out, '--yes', '--find', 'faxes']);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^422: .*must hold only work-emails/),
    });
    expect(await readdir(folder)).toEqual(['people.csv']);
  });
});

it('prints its usage', async () => {
  expect(await run(['--help'])).toEqual({ code: 0, stdout: csvUsage, stderr: '', bytes: Buffer.from(csvUsage) });
});
