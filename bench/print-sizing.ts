/** `npm run bench:sizing`: the table of docs/operations.md, measured anew. */
import { sizingTable } from './sizing.ts';

process.stdout.write(`${sizingTable()}\n`);
