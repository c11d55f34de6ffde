import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const folder = `${repository}dist/readme`;

/**
 * Compiles the TypeScript that the README shows, as if it were a file beside it.
 *
 * @returns the exit code of the compiler, which prints what it finds
 */
export function compileReadmeCode(): number {
  const readme = readFileSync(`${repository}README.md`, 'utf8');
  const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
  if (snippets.length === 0) throw new Error('README.md shows no TypeScript any more: then nothing has to compile it.');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [at, code] of snippets.entries()) {
    writeFileSync(`${folder}/snippet-${at}.ts`, code.replaceAll("'./", "'../../"));
  }
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'] }));
  const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace('package.json', 'bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' }).status ?? 1;
}
