import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { FolderLockedError, lockFolder, withFolderLock } from '../../../local/data/folder-lock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

it('is held by one at a time, and by the next once it is given back', async () => {
  const release = await lockFolder(folder, 'mine');
  await expect(lockFolder(folder, 'mine')).rejects.toThrow(FolderLockedError);
  await release();
  await (await lockFolder(folder, 'mine'))();
  expect(await readdir(folder)).toEqual([]);
});

it('is independent of locks by other names', async () => {
  await lockFolder(folder, 'mine');
  await expect(lockFolder(folder, 'yours')).resolves.toBeTypeOf('function');
});

it('is taken over from a process that is gone', async () => {
  // No system has a process with this number: the highest there is has 22 bits.
  await writeFile(join(folder, '.mine.lock'), '99999999');
  await expect(lockFolder(folder, 'mine')).resolves.toBeTypeOf('function');
});

it('is taken over from a process whose number another one has by now', async () => {
  // Process 1 is always there, and has not begun thousands of years after the kernel. Only /proc tells.
  await writeFile(join(folder, '.mine.lock'), '1 999999999999');
  const taken = expect(lockFolder(folder, 'mine'));
  if (existsSync('/proc/1/stat')) await taken.resolves.toBeTypeOf('function');
  else await taken.rejects.toThrow(FolderLockedError);
});

it('lets work wait for its turn, and is given back when the work fails', async () => {
  const order: string[] = [];
  const work = (name: string) =>
    withFolderLock(folder, 'mine', async () => {
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
      throw new Error(name);
    });
  await Promise.all(['a', 'b'].map((name) => expect(work(name)).rejects.toThrow(name)));
  const [first = ''] = order;
  const [one, other] = first.startsWith('a') ? ['a', 'b'] : ['b', 'a'];
  expect(order).toEqual([`${one} begins`, `${one} ends`, `${other} begins`, `${other} ends`]);
});
