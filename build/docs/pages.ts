import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from './config-schema.ts';
import { describedSettings } from './described-settings.ts';
import { packageEntries } from './entries.ts';
import { referencePage } from './reference-page.ts';
import { settingsPage } from './settings-page.ts';

/** What `npm run docs` writes into `docs`, by file name. */
export function docsPages(repository: string): Readonly<Record<string, string>> {
  const read = (path: string) => readFileSync(join(repository, path), 'utf8').replaceAll('\r\n', '\n');
  const entries = packageEntries(repository);
  const construct = entries[0]?.exported ?? [];
  const schema = configSchema(describedSettings(construct));
  return {
    'settings.md': settingsPage(construct, read('build/docs/settings-head.md'), read('relay.config.example.json')),
    'reference.md': referencePage(entries),
    'relay.config.schema.json': `${JSON.stringify(schema, null, 2)}\n`,
  };
}
