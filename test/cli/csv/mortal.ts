import type { Relay } from '../../../cli/csv/relay/relay.ts';
import type { Files } from '../../../cli/csv/table/files.ts';

/** The process is gone: nothing after it happens. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * A life that ends at a given step. A step is a moment before or after anything that somebody else can notice: a request, a
 * write. Bytes may reach the disk in part.
 */
export function mortal(lastStep: number, { files, relay }: { files: Files; relay: Relay }) {
  let step = 0;
  const live = () => {
    step += 1;
    if (step > lastStep) throw new Killed('killed');
  };
  const around = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    live();
    const value = await act();
    live();
    return value;
  };
  const mortalFiles: Files = {
    ...files,
    append: (path, text) =>
      around(async () => {
        const half = Math.ceil(text.length / 2);
        await files.append(path, text.slice(0, half));
        live();
        await files.append(path, text.slice(half));
      }),
    write: (path, content) =>
      around(async () => {
        await files.write(path, content.subarray(0, Math.ceil(content.length / 2)));
        live();
        await files.write(path, content);
      }),
    shorten: (path, bytes) => around(() => files.shorten(path, bytes)),
    move: (from, to) => around(() => files.move(from, to)),
    remove: (path) => around(() => files.remove(path)),
  };
  const mortalRelay: Relay = { call: (...request) => around(() => relay.call(...request)) };
  return { files: mortalFiles, relay: mortalRelay, steps: () => step };
}
