import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { npm } from './npm.ts';

const run = promisify(execFile);
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** What an app has beside the package, by the names it has there; all of it lies in the repository's own `node_modules`. */
export interface AppSettings {
  readonly tarball: string;
  readonly files: Readonly<Record<string, string>>;
  /** Whether the CDK is there. @default true */
  readonly cdk?: boolean;
  /** Besides the CDK. */
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
    const all = { 'package.json': '{ "name": "app", "version": "1.0.0" }', ...files };
    for (const [path, text] of Object.entries(all)) {
      await mkdir(dirname(join(app.folder, path)), { recursive: true });
      await writeFile(join(app.folder, path), text);
    }
    // The peers come as links, which npm does not know of.
    const options = ['--offline', '--ignore-scripts', '--legacy-peer-deps', '--cache', join(app.folder, '.npm')];
    await npm(['install', tarball, ...options], app.folder);
    const links = { ...(cdk && { 'aws-cdk-lib': 'aws-cdk-lib', constructs: 'constructs' }), ...tools };
    for (const [name, target] of Object.entries(links)) {
      const path = join(app.folder, 'node_modules', name);
      await mkdir(dirname(path), { recursive: true });
      await symlink(join(modules, target), path, 'junction');
    }
    return app;
  }

  /** Runs a file of a package, or of the app, with Node. @returns what it prints */
  async node(file: string, given: readonly string[] = [], input = ''): Promise<string> {
    const running = run(process.execPath, [file, ...given], {
      cwd: this.folder,
      env: { ...process.env, NODE_OPTIONS: '', NODE_PATH: '' },
    });
    running.child.stdin?.end(input);
    try {
      return (await running).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`${file} has failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  /** `npx cdk synth`. @returns the template of the stack `Sales`, and the files of each asset */
  async synth(command: string): Promise<{ types: Set<string>; handlers: string[][] }> {
    const cdk = join(modules, 'aws-cdk/bin/cdk');
    await this.node(cdk, ['synth', '--quiet', '--no-notices', '--no-version-reporting', '--app', command]);
    const assembly = join(this.folder, 'cdk.out');
    const { Resources } = JSON.parse(await readFile(join(assembly, 'Sales.template.json'), 'utf8'));
    const types = new Set(Object.values(Resources as Record<string, { Type: string }>).map(({ Type }) => Type));
    const assets = (await readdir(assembly)).filter((name) => /^asset\.[0-9a-f]{64}$/.test(name));
    const handlers = await Promise.all(assets.map(async (asset) => (await readdir(join(assembly, asset))).sort()));
    return { types, handlers };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
