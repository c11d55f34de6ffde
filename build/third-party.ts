import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Its licence and notices, in its own words. */
  readonly text: string;
}

/** Licences that ask for nothing to be handed on. */
const asksForNothing: Readonly<Record<string, string>> = {
  'MIT-0': 'MIT No Attribution: it may be handed on without this notice. https://opensource.org/license/mit-0',
};

/** Packages that leave their licence's text out of what they publish, with the text from where their code is kept. */
const keptHere: Readonly<Record<string, string>> = {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/LICENSE
  standardwebhooks: 'build/licences/standardwebhooks.txt',
};

/**
 * What the licences of bundled packages ask for: their texts, each once, under the names of the packages that it is for.
 *
 * @throws Error where a package has no licence text: it may not be handed on like that
 */
export async function thirdPartyLicenses(repository: string, ...metafiles: Metafile[]): Promise<string> {
  const outputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs));
  const bundled = outputs.flatMap(({ inputs }) => Object.entries(inputs));
  const folders = new Set(
    bundled.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 && packageFolder(path)) || []),
  );
  const packages = await Promise.all([...folders].map((folder) => read(repository, folder)));
  const names = ({ name, version, license }: BundledPackage) => `${name} ${version} (${license})`;
  const sections = [...new Set(packages.map(({ text }) => text))].map((text) => {
    const of = packages.filter((found) => found.text === text).map(names);
    return { heading: [...new Set(of)].sort().join('\n'), text };
  });
  sections.sort((a, b) => (a.heading < b.heading ? -1 : 1));
  const line = '-'.repeat(80);
  return [
    'The handlers and the client of reveal-relay have code of these packages in them.',
    ...sections.map(({ heading, text }) => `${line}\n${heading}\n${line}\n\n${text}`),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The folder of the package that a file is of, if it is of one: the last one, as packages can lie in packages. */
function packageFolder(path: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.replaceAll('\\', '/').replace(/^instead:/, ''))?.[0];
}

async function read(repository: string, folder: string): Promise<BundledPackage> {
  const { name, version, license } = JSON.parse(await readFile(join(repository, folder, 'package.json'), 'utf8'));
  const files = (await readdir(join(repository, folder))).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = await Promise.all(files.sort().map((file) => readFile(join(repository, folder, file), 'utf8')));
  const kept = keptHere[name];
  if (texts.length === 0 && kept) texts.push(await readFile(join(repository, kept), 'utf8'));
  if (texts.length === 0) texts.push(asksForNothing[license] ?? '');
  if (texts.join('') === '') throw new Error(`${name} is bundled, and has no licence text`);
  return { name, version, license, text: texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n') };
}
