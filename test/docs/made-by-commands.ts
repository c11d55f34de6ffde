import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';

/** `UPDATE_DOCS=yes npm test -- test/docs/NAME.test.ts` writes what the commands print now into the document. */
const isUpdate = process.env.UPDATE_DOCS === 'yes';

/**
 * A document with parts that commands have made: makes them again, and compares. On an update it is written where anything has changed but what differs from
 * run to run anyway.
 *
 * @param parts matches the parts
 * @param make the part as it is now. They are made in order: one may stand on what another has done
 * @param steady the whole document without what differs from run to run
 */
export async function holdsWhatCommandsPrint(
  document: URL,
  parts: RegExp,
  make: (part: RegExpExecArray) => Promise<string>,
  steady: (text: string) => string = (text) => text,
): Promise<void> {
  const written = await readFile(document, 'utf8');
  let made = '';
  let end = 0;
  for (const part of written.matchAll(parts)) {
    made += written.slice(end, part.index) + (await make(part));
    end = part.index + part[0].length;
  }
  made += written.slice(end);
  if (isUpdate && steady(made) !== steady(written)) await writeFile(document, made);
  else expect(steady(made)).toBe(steady(written));
}
