import { execFile } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { listenOnLoopback, stopListening } from '../../../local/services/loopback.ts';

/** A command of the package that a shell has called. */
export interface Call {
  readonly program: string;
  readonly given: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: string;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Hands what it is called with to {@link Terminals}: a process of its own for each command would take a minute to load them all. */
const stub = `#!${process.execPath}
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
const [, path, ...given] = process.argv;
const call = { program: basename(path), given, cwd: process.cwd(), environment: process.env, stdin: await text(process.stdin) };
const answer = await fetch(process.env.COMMANDS_URL, { method: 'POST', body: JSON.stringify(call) });
const { code, stdout, stderr } = await answer.json();
process.stderr.write(stderr);
process.stdout.write(stdout);
process.exitCode = code;
`;

/** A folder with a shell, in which `npm` and `npx` call the commands of the package in this process. */
export class Terminals implements AsyncDisposable {
  readonly folder: string;
  readonly #environment: Record<string, string | undefined>;
  readonly #stop: () => Promise<void>;

  private constructor(folder: string, url: string, stop: () => Promise<void>) {
    this.folder = folder;
    this.#stop = stop;
    this.#environment = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, COMMANDS_URL: url };
  }

  static async open(folder: string, answer: (call: Call) => Promise<Outcome>): Promise<Terminals> {
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin', 'package.json'), '{ "type": "module" }');
    for (const name of ['npm', 'npx'].map((program) => join(folder, 'bin', program))) {
      await writeFile(name, stub);
      await chmod(name, 0o755);
    }
    await symlink(fileURLToPath(new URL('../../../examples', import.meta.url)), join(folder, 'examples'));
    const server = createServer(async (request, response) => {
      const outcome = await answer(JSON.parse(await text(request))).catch(
        (error: Error): Outcome => ({ code: 70, stdout: '', stderr: String(error.stack) }),
      );
      response.end(JSON.stringify(outcome));
    });
    const url = await listenOnLoopback(server);
    return new Terminals(folder, url, () => stopListening(server));
  }

  /** What a person has on the screen after these commands, and how they ended. */
  run(commands: string): Promise<{ readonly code: number; readonly screen: string }> {
    return new Promise((resolve) => {
      const { folder: cwd } = this;
      const shell = execFile(
        'sh',
        ['-ec', `exec 2>&1\n${commands}`],
        { cwd, env: this.#environment },
        (error, stdout) => resolve({ code: Number(error?.code ?? 0), screen: stdout }),
      );
      shell.stdin?.end();
    });
  }

  [Symbol.asyncDispose] = () => this.#stop();
}
