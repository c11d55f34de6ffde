import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { handlerNames } from '../../lambdas/contract.ts';
import { npm } from './npm.ts';

const run = promisify(execFile);
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** The files of each handler that a relay uploads. `deliver` comes with the first webhook, which no app here has. */
export const uploadedHandlers: string[][] = handlerNames
  .filter((name) => name !== 'deliver')
  .map(() => ['index.js', 'package.json']);

const theCdk = { 'aws-cdk': 'aws-cdk', 'aws-cdk-lib': 'aws-cdk-lib', constructs: 'constructs' };

/** What an app has beside the package, by the names it has there; all of it lies in the repository's own `node_modules`. */
export interface AppSettings {
  readonly tarball: string;
  readonly files: Readonly<Record<string, string>>;
  /** Whether the CDK and its command are there. @default true */
  readonly cdk?: boolean;
  /** Besides the CDK. A command of theirs is where `npx` looks for it. */
  readonly tools?: Readonly<Record<string, string>>;
}

/**
 * An empty folder far from the repository, with the package installed as npm does it: offline, and no script of a package may run.
 * The CDK is linked and not downloaded.
 */
export class EmptyApp implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async with({ tarball, files, cdk = true, tools = {} }: AppSettings): Promise<EmptyApp> {
    const app = new EmptyApp(await mkdtemp(join(tmpdir(), 'reveal-relay-app-')));
    await npm(['init', '-y'], app.folder);
    // The peers come as links, which npm does not know of.
    const options = ['--offline', '--ignore-scripts', '--legacy-peer-deps', '--cache', join(app.folder, '.npm')];
    await npm(['install', tarball, ...options], app.folder);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(app.folder, path)), { recursive: true });
      await writeFile(join(app.folder, path), text);
    }
    const links = { ...(cdk && theCdk), ...tools };
    for (const [name, target] of Object.entries(links)) await app.#link(name, join(modules, target));
    return app;
  }

  /** Runs a file of a package, or of the app, with Node. @returns what it prints */
  async node(file: string, given: readonly string[] = [], input = ''): Promise<string> {
    const running = run(process.execPath, [file, ...given], {
      cwd: this.folder,
      env: { ...process.env, NODE_OPTIONS: '', NODE_PATH: '' },
    });
    running.child.stdin?.end(input);
    return saying(
      file,
      running.then(({ stdout }) => stdout),
    );
  }

  /** Runs a command of an installed package as `npx` does. @returns what it prints */
  npx(...command: readonly string[]): Promise<string> {
    return saying(command.join(' '), npm(['exec', '--offline', '--', ...command], this.folder));
  }

  /**
   * `npx cdk synth`.
   *
   * @param command that runs the app, where cdk.json does not say it
   * @returns the types of the resources in all stacks, and the files of each asset
   */
  async synth(command?: string): Promise<{ types: Set<string>; handlers: string[][] }> {
    const app = command === undefined ? [] : ['--app', command];
    await this.npx('cdk', 'synth', '--quiet', '--no-notices', '--no-version-reporting', ...app);
    const assembly = join(this.folder, 'cdk.out');
    const written = await readdir(assembly);
    const templates = written.filter((name) => name.endsWith('.template.json'));
    const stacks = await Promise.all(
      templates.map(async (name) => JSON.parse(await readFile(join(assembly, name), 'utf8'))),
    );
    const resources = stacks.flatMap(({ Resources }) => Object.values<{ Type: string }>(Resources));
    const assets = written.filter((name) => /^asset\.[0-9a-f]{64}$/.test(name));
    const handlers = await Promise.all(assets.map(async (asset) => (await readdir(join(assembly, asset))).sort()));
    return { types: new Set(resources.map(({ Type }) => Type)), handlers };
  }

  /** A package, with its commands where `npx` looks for them. */
  async #link(name: string, target: string): Promise<void> {
    const path = join(this.folder, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(target, path, 'junction');
    const { bin } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
    for (const [command, file] of Object.entries<string>(typeof bin === 'string' ? { [name]: bin } : (bin ?? {}))) {
      await this.#linkCommand(command, join(target, file));
    }
  }

  async #linkCommand(name: string, file: string): Promise<void> {
    const path = join(this.folder, 'node_modules/.bin', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(file, path);
    // npm looks for the one, and Windows runs the other.
    if (process.platform === 'win32') await writeFile(`${path}.cmd`, `@node "${file}" %*\r\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What a command prints, or an error that says all of it. */
async function saying(command: string, printed: Promise<string>): Promise<string> {
  try {
    return await printed;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} has failed:\n${stdout}${stderr}`, { cause: error });
  }
}
