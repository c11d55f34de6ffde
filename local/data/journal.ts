import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

type Entry<Item> = { readonly opened: string; readonly item: Item } | { readonly closed: string };

/** The file is written anew when it has this many lines, and most of them are about what is over. */
const longestFile = 10_000;

/**
 * What is under way, in a file, so that it goes on after the process was killed. Each entry is with the operating system
 * before anybody hears of what it says: a killed process loses nothing, a machine without power may lose its last seconds.
 *
 * @typeParam Item survives JSON
 */
export class Journal<Item> {
  readonly #file: string | undefined;
  readonly #open = new Map<string, Item>();
  #lines = 0;

  /** @param file holds one JSON object per line; nothing outlives the process when it is left out */
  constructor(file: string | undefined) {
    this.#file = file;
    for (const entry of this.#read()) {
      if ('opened' in entry) this.#open.set(entry.opened, entry.item);
      else this.#open.delete(entry.closed);
    }
    this.#rewrite();
  }

  /** What has been opened and not closed, by its id, oldest first: at first, what the last process left behind. */
  get open(): ReadonlyMap<string, Item> {
    return this.#open;
  }

  /** Notes that something has begun. Again under the same id is no harm. */
  opened(id: string, item: Item): void {
    this.#open.set(id, item);
    this.#append({ opened: id, item });
  }

  /** Notes that it is over. */
  closed(id: string): void {
    if (this.#open.delete(id)) this.#append({ closed: id });
  }

  #append(entry: Entry<Item>): void {
    if (this.#file === undefined) return;
    appendFileSync(this.#file, toLine(entry));
    this.#lines += 1;
    if (this.#lines > longestFile && this.#lines > 2 * this.#open.size) this.#rewrite();
  }

  #rewrite(): void {
    if (this.#file === undefined) return;
    const lines = [...this.#open].map(([opened, item]) => toLine({ opened, item }));
    replaceFile(this.#file, lines.join(''));
    this.#lines = lines.length;
  }

  #read(): Entry<Item>[] {
    if (this.#file === undefined || !existsSync(this.#file)) return [];
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as Entry<Item>];
        } catch {
          // The last line of a process that was killed in mid-write; nobody was told of what it says.
          return [];
        }
      });
  }
}

/** Writes a file so that it is there as it was or as it is to be, whenever the process is killed. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

const toLine = (entry: unknown) => `${JSON.stringify(entry)}\n`;
