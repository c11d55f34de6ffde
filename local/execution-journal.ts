import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Execution } from './executions.ts';

type Entry = { readonly opened: string; readonly input: string } | { readonly closed: string };

/**
 * Which executions are running, in a file, so that they go on after the process was killed. Step Functions would remember where each of
 * them stands; here they begin again under the same name, which `Admit` recognises as its own.
 */
export class ExecutionJournal {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = `${folder}/executions.jsonl`;
  }

  /** The executions that were running when the process ended, oldest first. Forgets those that had ended. */
  unfinished(): { readonly name: string; readonly input: string }[] {
    const running = new Map<string, string>();
    for (const entry of this.#read()) {
      if ('opened' in entry) running.set(entry.opened, entry.input);
      else running.delete(entry.closed);
    }
    const entries = [...running].map(([opened, input]): Entry => ({ opened, input }));
    writeFileSync(this.#file, entries.map(toLine).join(''));
    return [...running].map(([name, input]) => ({ name, input }));
  }

  /** Notes that an execution has started or ended. Written before anybody hears of it. */
  note({ name, status, input }: Execution): void {
    appendFileSync(this.#file, toLine(status === 'RUNNING' ? { opened: name, input } : { closed: name }));
  }

  #read(): Entry[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as Entry];
        } catch {
          // The last line of a process that was killed in mid-write; nobody was told of what it says.
          return [];
        }
      });
  }
}

const toLine = (entry: Entry) => `${JSON.stringify(entry)}\n`;
