import { constants } from 'node:fs';
import { access, open, readFile, rename, rm, stat, truncate } from 'node:fs/promises';

/** The files of this machine. What is written may be read by its owner alone. */
export interface Files {
  /** @throws with the system's `code`, such as `ENOENT` */
  read(path: string): Promise<Uint8Array>;
  /** Whether both paths lead to one file that is there. */
  isSame(path: string, other: string): Promise<boolean>;
  exists(path: string): Promise<boolean>;
  isFolder(path: string): Promise<boolean>;
  isWritable(path: string): Promise<boolean>;
  /** Resolves when the disk has it. */
  append(path: string, text: string): Promise<void>;
  /** In place of what was there. Resolves when the disk has it. */
  write(path: string, content: Uint8Array): Promise<void>;
  shorten(path: string, bytes: number): Promise<void>;
  move(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const ownerOnly = 0o600;

async function put(path: string, flags: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, flags, ownerOnly);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
}

const statOf = (path: string) => stat(path).catch(() => undefined);

export const filesOnDisk: Files = {
  read: (path) => readFile(path),
  async isSame(path, other) {
    const [one, two] = await Promise.all([statOf(path), statOf(other)]);
    return one !== undefined && two !== undefined && one.dev === two.dev && one.ino === two.ino;
  },
  exists: async (path) => (await statOf(path)) !== undefined,
  isFolder: async (path) => (await statOf(path))?.isDirectory() ?? false,
  isWritable: (path) =>
    access(path, constants.W_OK).then(
      () => true,
      () => false,
    ),
  append: (path, text) => put(path, 'a', text),
  async write(path, content) {
    // A file that is there keeps its mode, and may be a link.
    await rm(path, { force: true });
    await put(path, 'wx', content);
  },
  shorten: (path, bytes) => truncate(path, bytes),
  move: (from, to) => rename(from, to),
  remove: (path) => rm(path, { force: true }),
};
