import { readdir, readFile, writeFile } from 'node:fs/promises';

/** Names the version of package.json wherever the packed file or the package is named: the last step of `npm run version:next`. */
const repository = new URL('../', import.meta.url);
const { name, version } = JSON.parse(await readFile(new URL('package.json', repository), 'utf8'));
const examples = (await readdir(new URL('examples', repository), { recursive: true })).map(
  (path) => `examples/${path}`,
);
const naming = examples.filter((path) => /(README\.md|package\.json)$/.test(path) && !path.includes('node_modules'));
for (const path of ['README.md', ...naming]) {
  const file = new URL(path.replaceAll('\\', '/'), repository);
  const text = await readFile(file, 'utf8');
  const named = text
    .replaceAll(new RegExp(`${name}-\\d+\\.\\d+\\.\\d+\\.tgz`, 'g'), `${name}-${version}.tgz`)
    .replaceAll(new RegExp(`"${name}": "\\^\\d+\\.\\d+\\.\\d+"`, 'g'), `"${name}": "^${version}"`);
  if (named !== text) await writeFile(file, named);
}
