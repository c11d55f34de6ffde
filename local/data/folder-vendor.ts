import { readFileSync } from 'node:fs';
import { replaceFile } from './journal.ts';

/**
 * Records are of one vendor's tasks: what runs in them goes on when the relay is started again, and must not be asked of another vendor,
 * with another key. The first one that is used with a folder keeps it.
 *
 * @param vendor its address, or a word for one that has none of its own
 * @throws OtherVendorError
 */
export function keepVendor(folder: string, vendor: string): void {
  const path = `${folder}/vendor`;
  const kept = readVendor(path);
  if (kept === '') replaceFile(path, vendor);
  else if (kept !== vendor) throw new OtherVendorError(folder, kept, vendor);
}

/** Empty where none was kept, as before version 0.2.0. */
function readVendor(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** The records in a folder are another vendor's. */
export class OtherVendorError extends Error {
  override readonly name = 'OtherVendorError';

  constructor(folder: string, kept: string, vendor: string) {
    super(
      `The records in ${folder} are of tasks at ${kept}, and this relay would ask ${vendor}. Give another folder with --data, or the vendor that they are of.`,
    );
  }
}
