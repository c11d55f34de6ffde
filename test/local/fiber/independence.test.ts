import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('the stand-in shares no code with the client that it checks', () => {
  const folder = fileURLToPath(new URL('../../../local/fiber', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const source = readFileSync(join(folder, file), 'utf8');
    for (const [, name = ''] of source.matchAll(/from '([^']+)'/g)) {
      if (name.startsWith('node:')) continue;
      expect(name, file).toMatch(/^\./);
      expect(relative(folder, join(folder, dirname(file), name)), file).not.toMatch(/^\.\./);
    }
  }
});
