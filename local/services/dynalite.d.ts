declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Folder of the database. In memory when left out. */
    path?: string;
    /** How long a new table says CREATING. @default 500 */
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }

  /** A server that speaks DynamoDB. Closing it closes the database as well. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
