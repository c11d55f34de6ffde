import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { reveal } from '../../../cli/client/client.ts';
import { csv } from '../../../cli/csv/csv.ts';
import { ownCsvContext } from '../../../cli/csv/own-csv-context.ts';
import { doctor } from '../../../cli/doctor/doctor.ts';
import { serve } from '../../../cli/embedded/serve.ts';
import { redrive } from '../../../cli/redrive/command.ts';
import { localClientOptions } from '../../../local/services/client-options.ts';
import type { Assembly } from '../../../local/template/assembly.ts';
import type { Call, Outcome } from './terminals.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** Ends of reveals come within a second. */
const speed = '2000';

/** What `npm run` and `npx` do, with a relay and a receiver that go on running as they do in terminals of their own. */
export class Commands implements AsyncDisposable {
  readonly #assembly: Assembly;
  readonly #receiverPort: string;
  readonly #interruption = new AbortController();
  #relay: Promise<number> | undefined;
  #receiver: ChildProcess | undefined;
  /** What stands in the terminals of the programs that go on running. */
  readonly screens = { local: '', receiver: '' };

  constructor(assembly: Assembly, receiverPort: string) {
    this.#assembly = assembly;
    this.#receiverPort = receiverPort;
  }

  /** Where the API is, once `npm run local` was called. */
  get url(): string {
    return /^listening on (\S+)$/m.exec(this.screens.local)?.[1] ?? '';
  }

  readonly answer = async (call: Call): Promise<Outcome> => {
    const { program, environment, cwd } = call;
    const given = call.given.filter((word) => word !== '-s');
    if (program === 'npx') return this.#startReceiver(given);
    const [, script = '', , ...rest] = given;
    const words = rest.map((word) => (/^\.local\/|\.csv$/.test(word) ? join(cwd, word) : word));
    if (script === 'local' && !rest.includes('--where')) return this.#startRelay(cwd, rest);
    const printed = { stdout: '', stderr: '' };
    const screen = (name: keyof typeof printed) => ({
      write: (text: string | Uint8Array) => {
        printed[name] += String(text);
      },
    });
    const context = {
      given: words,
      environment: { REVEAL_RELAY_URL: this.url, ...environment },
      stdout: screen('stdout'),
      stderr: screen('stderr'),
      interrupted: this.#interruption.signal,
    };
    const code = await this.#run(script, context, call);
    return { code, ...printed };
  };

  async #run(script: string, context: Parameters<typeof serve>[0], { stdin, environment, cwd }: Call): Promise<number> {
    const [name, ...given] = context.given;
    const aws = localClientOptions(environment.AWS_ENDPOINT_URL ?? '');
    if (script === 'local') return serve({ ...context, given: [...context.given, '--data', join(cwd, '.local')] });
    if (script === 'redrive') return redrive({ ...context, aws });
    if (name === 'doctor') return doctor({ ...context, given, aws });
    const credentials = async () => {
      throw new Error('no credentials here');
    };
    const client = { ...context, stdin: Readable.from([stdin]), credentials };
    if (name !== 'csv') return reveal(client);
    // No time passes, so that the lines are the same on a machine that takes long.
    const startedAt = Date.now();
    const ofProcess = ownCsvContext({ ...client, given });
    const now = () => startedAt;
    const { stdout } = client;
    return csv({ ...ofProcess, stdin: client.stdin, stdout, now, sleep: () => sleep(100), confirm: undefined });
  }

  async #startRelay(cwd: string, given: readonly string[]): Promise<Outcome> {
    await new Promise<void>((listening) => {
      const write = (text: string) => {
        this.screens.local += text;
        if (this.url) listening();
      };
      this.#relay = serve({
        given: [...given, '--speed', speed, '--port', '0', '--data', join(cwd, '.local')],
        environment: {},
        stdout: { write },
        stderr: { write },
        assembly: this.#assembly,
        interrupted: this.#interruption.signal,
      });
      // One that ends has said why.
      void this.#relay.then(() => listening());
    });
    return { code: this.url ? 0 : 1, stdout: this.screens.local, stderr: '' };
  }

  async #startReceiver([tsx = '', program = '']: readonly string[]): Promise<Outcome> {
    const [, secret] = /are signed by (whsec_\S+)/.exec(this.screens.local) ?? [];
    const receiver = spawn(
      process.execPath,
      ['--import', tsx, '--import', './test/docs/jobs/receiver-time.ts', program],
      {
        cwd: repository,
        env: { ...process.env, WEBHOOK_SECRET: secret, PORT: this.#receiverPort },
      },
    );
    this.#receiver = receiver;
    const isListening = await new Promise<boolean>((resolve) => {
      const write = (text: Buffer) => {
        this.screens.receiver += text;
        if (this.screens.receiver.includes('listening on')) resolve(true);
      };
      receiver.stdout.on('data', write);
      receiver.stderr.on('data', write);
      receiver.on('exit', () => resolve(false));
    });
    return { code: isListening ? 0 : 1, stdout: this.screens.receiver, stderr: '' };
  }

  [Symbol.asyncDispose] = async () => {
    this.#receiver?.kill();
    this.#interruption.abort();
    await this.#relay;
  };
}
