import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** `npm run local` in a process of its own, so that it can be killed. */
export interface LocalRelay {
  readonly process: ChildProcess;
  /** Resolves when it says that it listens; rejects with what it printed if it ends before that. */
  readonly listening: Promise<LocalAddresses>;
  /** Ends it in the middle of whatever it does, and waits until it is gone. */
  kill(): Promise<void>;
  /** Ends it as Ctrl-C does. @returns its exit code */
  stop(): Promise<number | null>;
}

export interface LocalAddresses {
  /** Of the HTTP API. */
  readonly url: string;
  /** Where it takes what one sends to AWS. */
  readonly endpointUrl: string;
}

export interface LocalRelayOptions {
  readonly data: string;
  readonly speed: number;
  /** Every line that it prints. */
  readonly onLine?: (line: string) => void;
}

/** Starts it on any free port, from what was synthesised for all tests. */
export function startLocalRelay({ data, speed, onLine = () => {} }: LocalRelayOptions): LocalRelay {
  const { FIBER_API_KEY: _key, FIBER_BASE_URL: _url, ...environment } = process.env;
  const given = ['--port', '0', '--data', data, '--speed', String(speed)];
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/serve-test-assembly.ts', ...given], {
    cwd: repository,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'close') as Promise<[number | null]>;
  const printed: string[] = [];
  const listening = new Promise<LocalAddresses>((found, failed) => {
    let endpointUrl: string | undefined;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        printed.push(line);
        onLine(line);
        endpointUrl ??= /^AWS answers at (\S+)$/.exec(line)?.[1];
        const url = /^listening on (\S+)$/.exec(line)?.[1];
        if (url !== undefined) found({ url, endpointUrl: endpointUrl ?? '' });
      });
    }
    void gone.then(() => failed(new Error(`The local relay ended. It printed:\n${printed.join('\n')}`)));
  });
  // Whoever waits for it is told.
  listening.catch(() => {});
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await gone;
    return code;
  };
  return { process: child, listening, kill: async () => void (await end('SIGKILL')), stop: () => end('SIGTERM') };
}
