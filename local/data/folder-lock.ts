import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Takes the lock `name` of a folder for this process, or says who has it. A lock left behind by a process that is gone
 * is taken over.
 *
 * @returns a function that gives the lock back
 * @throws FolderLockedError
 */
export async function lockFolder(folder: string, name: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const path = `${folder}/.${name}.lock`;
  // Written first and then put in place by a link: nobody ever sees a lock that does not say yet whose it is.
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, `${process.pid} ${(await life(process.pid))?.began ?? ''}`);
  try {
    while (!(await linked(mine, path))) {
      const owner = await ownerOf(path);
      if (owner !== undefined) throw new FolderLockedError(folder, owner, path);
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
  return () => rm(path, { force: true });
}

/** The process that has the lock `name` of a folder, by its number; undefined where none has. */
export function lockOwner(folder: string, name: string): Promise<number | undefined> {
  return ownerOf(`${folder}/.${name}.lock`);
}

async function ownerOf(path: string): Promise<number | undefined> {
  const [owner = 0, began] = (await readFile(path, 'utf8').catch(() => '')).split(' ').map(Number);
  return (await isAlive(owner, began)) ? owner : undefined;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Longer than anybody works under a lock that others wait for, in milliseconds. */
const longestWait = 60_000;

/** Runs `work` while holding the lock. Where another process has it, waits for up to a minute. @throws FolderLockedError */
export async function withFolderLock<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  const release = await waitForLock(folder, name);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function waitForLock(folder: string, name: string): Promise<() => Promise<void>> {
  const giveUpAt = Date.now() + longestWait;
  for (;;) {
    try {
      return await lockFolder(folder, name);
    } catch (error) {
      if (!(error instanceof FolderLockedError) || Date.now() > giveUpAt) throw error;
      await sleep(100);
    }
  }
}

/** Whether the process that wrote a lock is still there, and not another one that was given its number since. */
async function isAlive(pid: number, began = 0): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = await life(pid);
  return !now || (!now.isZombie && (began === 0 || now.began === began));
}

/** When a process began, in the kernel's own count, and whether it is only waiting to be buried; undefined where there is no /proc. */
async function life(pid: number): Promise<{ began: number; isZombie: boolean } | undefined> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the program's name in parentheses, and may hold anything.
  const [state, ...fields] = status?.slice(status.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined ? undefined : { began: Number(fields[18]), isZombie: state === 'Z' };
}

/** Another process works on this folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';

  constructor(folder: string, owner: number, path: string) {
    super(
      `Process ${owner} is using ${folder}: end it first, or choose another folder. If that process has nothing to do with this, delete ${path}.`,
    );
  }
}
