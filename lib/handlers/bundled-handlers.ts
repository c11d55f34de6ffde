import { join } from 'node:path';

/**
 * Where the handlers' code is, a folder for each. This file lies two folders deep in a clone, and so does what the package has in its
 * place (`dist/lib/index.js`): the same way up leads to the same handlers.
 */
export const bundledHandlers = join(import.meta.dirname, '../../dist/handlers');
