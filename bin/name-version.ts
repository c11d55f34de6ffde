import { readFile, writeFile } from 'node:fs/promises';

/** Names the version of package.json where the README names the packed file: the last step of `npm run version:next`. */
const readme = new URL('../README.md', import.meta.url);
const { name, version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
const text = await readFile(readme, 'utf8');
await writeFile(readme, text.replaceAll(new RegExp(`${name}-\\d+\\.\\d+\\.\\d+\\.tgz`, 'g'), `${name}-${version}.tgz`));
