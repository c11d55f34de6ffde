import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import Papa from 'papaparse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../../../cli/client/api-client.ts';
import { readCsvArguments } from '../../../cli/csv/csv-arguments.ts';
import { revealFile } from '../../../cli/csv/reveal-file.ts';
import { filesOnDisk } from '../../../cli/csv/table/files.ts';
import type { PaidTask } from '../../../local/fiber/index.ts';
import { runs } from '../../support/more.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Killed, mortal } from './mortal.ts';
import { csvContext } from './play-csv.ts';

let test: TestRelay;
const paid: PaidTask[] = [];
beforeAll(async () => {
  test = await startTestRelay({ httpPort: 0, speed: 2_000, fiber: { onCharge: (task) => paid.push(task) } });
});
afterAll(() => test.close());

const url = (slug: string) => `https://www.linkedin.com/in/${slug}`;
const paidFor = (slug: string) => paid.filter(({ linkedinUrl }) => linkedinUrl === url(slug)).length;

/** One life of the command. @returns whether it came to its end */
async function live(given: readonly string[], lastStep: number): Promise<boolean> {
  const { context } = csvContext(test, given, { sleep: () => sleep(50) });
  const options = readCsvArguments(given, context.environment);
  if (options.help) throw new Error('These ask for help.');
  const relay = new ApiClient(options.target, context.credentials, context.interrupted);
  const life = mortal(lastStep, { files: filesOnDisk, relay });
  try {
    expect(await revealFile(options, { ...context, files: life.files, relay: life.relay })).toBe(0);
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

/** A command line for a list of these alone. */
async function listOf(slugs: readonly string[]): Promise<string[]> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'people.csv'), `profile\n${slugs.map((slug) => `${url(slug)}\n`).join('')}`);
  return [join(folder, 'people.csv'), '--out', join(folder, 'contacts.csv'), '--yes'];
}

const records = async (path: string) =>
  Papa.parse<Record<string, string>>(await readFile(path, 'utf8'), { header: true, skipEmptyLines: true }).data;

it('comes to the same file wherever it is killed, pays for nobody twice, and never leaves half of a file', async () => {
  const known = 'quick-killed-known';
  await live(await listOf([known]), Number.POSITIVE_INFINITY);
  let lists = 0;
  const lifetimes = fc.array(fc.nat(45), { minLength: 1, maxLength: 3 });
  const wishes = fc.constantFrom<string[]>([], ['--max-age', '0'], ['--max-credits', '100']);
  await fc.assert(
    fc.asyncProperty(lifetimes, wishes, async (lastSteps, wish) => {
      lists += 1;
      const people = [1, 2, 3].map((n) => `quick-killed-${lists}-${n}`);
      const [one = '', two = '', three = ''] = people;
      const asked = [one, known, two, one, 'https://example.com/x', three];
      const folder = await temporaryFolder();
      const [path, out] = [join(folder, 'people.csv'), join(folder, 'contacts.csv')];
      await writeFile(
        path,
        `n,profile\n${asked.map((slug, at) => `${at},${slug.includes('/') ? slug : url(slug)}\n`).join('')}`,
      );
      const before = paidFor(known);
      const given = [path, '--out', out, '--yes', ...wish];

      for (const lastStep of lastSteps) {
        if (await live(given, lastStep)) break;
        const left = await readFile(out, 'utf8').catch(() => undefined);
        if (left !== undefined) expect(left.split('\n')).toHaveLength(asked.length + 2);
        const journal = await readFile(`${out}.journal`, 'utf8').catch(() => '');
        expect(journal).not.toMatch(/linkedin|@example|\+1\d{5}/);
      }
      // The last life may find that the one before had come to its end.
      const isThere =
        !(await readdir(folder)).includes('contacts.csv.journal') && (await readdir(folder)).includes('contacts.csv');
      if (!isThere) expect(await live(given, Number.POSITIVE_INFINITY)).toBe(true);

      expect((await readdir(folder)).sort()).toEqual(['contacts.csv', 'people.csv']);
      const rows = await records(out);
      const isFresh = wish.includes('0');
      const paidOfKnown = isFresh ? '12' : '0';
      expect(rows.map(({ n, status, credits }) => `${n} ${status} ${credits}`)).toEqual([
        '0 completed 12',
        `1 completed ${paidOfKnown}`,
        '2 completed 12',
        '3 completed 0',
        '4 refused 0',
        '5 completed 12',
      ]);
      for (const person of people) expect(paidFor(person), person).toBe(1);
      expect(paidFor(known) - before).toBe(isFresh ? 1 : 0);

      // Nobody disturbs this one. It costs nothing, and that is all that is different.
      await live([path, '--out', `${out}.2`, '--yes'], Number.POSITIVE_INFINITY);
      const withoutCredits = (all: Record<string, string>[]) => all.map(({ credits: _, ...rest }) => rest);
      expect(withoutCredits(await records(`${out}.2`))).toEqual(withoutCredits(rows));
    }),
    runs(10, 100),
  );
});
