import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Place } from '../csv-arguments.ts';
import { type Journal, openingLine, readJournal, type Taken, takenLine } from '../journal.ts';
import type { Files } from './files.ts';
import { InputError } from './input-error.ts';
import type { Format } from './read-table.ts';
import type { Form } from './table.ts';

/** Where the result goes, and the journal beside it. The result is there whole or not at all. */
export class OutputFile {
  readonly #path: string;
  readonly #journalPath: string;
  readonly #files: Files;

  constructor(path: string, files: Files) {
    this.#path = path;
    this.#journalPath = `${path}.journal`;
    this.#files = files;
  }

  /**
   * What an earlier run with this fingerprint has left, if it was interrupted.
   *
   * @param force a file that is there is written over, and another run left where it was
   * @throws InputError where something is in the way
   */
  async open(inputPath: string | undefined, fingerprint: string, force: boolean): Promise<Journal | undefined> {
    const path = this.#path;
    if (!(await this.#files.isFolder(dirname(path))))
      throw new InputError('no-such-folder', `There is no folder ${dirname(path)}.`);
    if (await this.#files.isFolder(path)) throw new InputError('output-exists', `${path} is a folder.`);
    if (inputPath !== undefined && (await this.#files.isSame(inputPath, path))) {
      throw new InputError(
        'output-is-input',
        'The result cannot go where the input comes from: give --out another name.',
      );
    }
    const journal = await this.#readJournal();
    if (journal?.fingerprint === fingerprint) return journal;
    if (journal && !force) {
      throw new InputError(
        'other-run',
        `${this.#journalPath} is of a run with another input or other options, which was interrupted. Give those to go on with it, another --out, or --force to leave it.`,
      );
    }
    if (!force && (await this.#files.exists(path))) {
      throw new InputError(
        'output-exists',
        `${path} is there already: give another name, or --force to write over it.`,
      );
    }
    return undefined;
  }

  /** Before anything is paid for. It fails where nothing can be written. */
  async begin(journal: Omit<Journal, 'taken'>): Promise<void> {
    await this.#files.write(this.#journalPath, Buffer.from(openingLine(journal)));
  }

  async keep(taken: readonly Taken[]): Promise<void> {
    if (taken.length > 0) await this.#files.append(this.#journalPath, takenLine(taken));
  }

  /** Writes the result in one move, and forgets the journal. */
  async finish(content: Uint8Array): Promise<void> {
    const beside = `${this.#path}.tmp`;
    try {
      await this.#files.write(beside, content);
      await this.#files.move(beside, this.#path);
    } catch (error) {
      await this.#files.remove(beside).catch(() => {});
      throw error;
    }
    await this.#files.remove(this.#journalPath);
  }

  async #readJournal(): Promise<Journal | undefined> {
    if (!(await this.#files.exists(this.#journalPath))) return undefined;
    const bytes = await this.#files.read(this.#journalPath);
    const read = readJournal(Buffer.from(bytes).toString());
    if (read === 'torn') return undefined;
    if (read === 'foreign') {
      throw new InputError(
        'not-a-journal',
        `${this.#journalPath} is not of this command: rename it, or give --out another name.`,
      );
    }
    // What is appended begins a line of its own.
    if (read.bytes < bytes.length) await this.#files.shorten(this.#journalPath, read.bytes);
    return read.journal;
  }
}

/** How the result is written: like the input, where that is of the same kind. */
export function formOf(format: Format, input: Form): Form {
  if (format === 'jsonl') return { kind: 'jsonl' };
  const like = input.kind === 'csv' ? input : ({ kind: 'csv', delimiter: ',', newline: '\n', bom: false } as const);
  if (format === 'tsv') return { ...like, delimiter: '\t' };
  return like.delimiter === '\t' ? { ...like, delimiter: ',' } : like;
}

export function packed(text: string, { isGzip }: Place): Uint8Array {
  const bytes = Buffer.from(text);
  return isGzip ? gzipSync(bytes) : bytes;
}
