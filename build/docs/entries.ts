import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Declared, exportsOf } from './declarations.ts';

/** What people import, by the name under which they do. */
export interface Entry {
  readonly name: string;
  readonly exported: readonly Declared[];
}

/** The package's entries, as package.json has them: those with types of their own. */
export function packageEntries(repository: string): Entry[] {
  const { name, exports } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, unknown>;
  };
  return Object.entries(exports).flatMap(([path, target]) => {
    const types = typesOf(target);
    if (!types) return [];
    const source = join(repository, types.replace(/^\.\/dist\//, '').replace(/\.d\.[cm]?ts$/, '.ts'));
    return [{ name: path.replace(/^\./, name), exported: exportsOf(source, repository) }];
  });
}

/** Types may be given by condition: the first will do, as all of them are made from one source. */
function typesOf(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  const { types } = target as { types?: unknown };
  return typeof types === 'string' ? types : Object.values(target).map(typesOf).find(Boolean);
}
