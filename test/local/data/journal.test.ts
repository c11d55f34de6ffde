import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { Journal } from '../../../local/data/journal.ts';
import { keepTime } from '../../../local/data/kept-time.ts';
import { RelayClock } from '../../../local/time/relay-time.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'work.jsonl');
});

const lines = async () => (await readFile(file, 'utf8')).trim().split('\n').filter(Boolean).length;

it('knows in the next process what has been opened and not closed, oldest first', () => {
  const journal = new Journal<number>(file);
  for (const [id, item] of Object.entries({ a: 1, b: 2, c: 3 })) journal.opened(id, item);
  journal.closed('b');
  journal.closed('never opened');
  expect([...new Journal<number>(file).open]).toEqual([
    ['a', 1],
    ['c', 3],
  ]);
});

it('leaves out the line in which the process was killed, and goes on after it', async () => {
  new Journal<number>(file).opened('a', 1);
  await appendFile(file, '{"opened":"b","it');
  new Journal<number>(file).opened('c', 3);
  expect([...new Journal<number>(file).open.keys()]).toEqual(['a', 'c']);
});

it('does not grow with what is over', async () => {
  const journal = new Journal<number>(file);
  journal.opened('stays', 0);
  for (let n = 0; n < 6_000; n += 1) {
    journal.opened(String(n), n);
    journal.closed(String(n));
  }
  expect(await lines()).toBeLessThan(10_001);
  expect([...new Journal<number>(file).open]).toEqual([['stays', 0]]);
  expect(await lines()).toBe(1);
});

it('writes nothing without a file', () => {
  const journal = new Journal<number>(undefined);
  journal.opened('a', 1);
  expect([...journal.open]).toEqual([['a', 1]]);
});

it('keeps relay time from going back when a faster relay is started again', async () => {
  const clock = RelayClock.start(100);
  const kept = keepTime(clock, folder);
  clock.jump(3_600_000);
  kept();
  const again = RelayClock.start(50);
  expect(clock.now() - again.now()).toBeGreaterThan(3_500_000);
  keepTime(again, folder);
  expect(Math.abs(clock.now() - again.now())).toBeLessThan(60_000);
});

it('says in real time that the records are ahead of it', async () => {
  await writeFile(join(folder, 'relay-time'), new Date(Date.now() + 3_600_000).toISOString());
  expect(() => keepTime(RelayClock.start(), folder)).toThrow(
    /are 60 minutes ahead: .* --speed again, or another folder/,
  );
});
