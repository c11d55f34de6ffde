import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const page = await readFile(`${repository}docs/languages.md`, 'utf8');
const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0,
);
const hasBotocore = python !== undefined && spawnSync(python, ['-c', 'import botocore']).status === 0;
const curlVersion = /^curl (\d+)\.(\d+)/.exec(spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? '');
const hasCurl = curlVersion !== null && Number(curlVersion[1]) * 1_000 + Number(curlVersion[2]) >= 7_084;
const hasBash = spawnSync('bash', ['-c', 'true']).status === 0;

let relay: TestRelay;
let url: string;
beforeAll(async () => {
  relay = await startTestRelay({ httpPort: 0, speed: 2_000 });
  url = relay.relay.deployment.httpUrl ?? '';
});
afterAll(() => relay.close());

/** Its exit code and what it has printed. */
const outcomeOf = (ran: Promise<{ stdout: string; stderr: string }>) =>
  ran.then(
    (printed) => ({ code: 0, ...printed }),
    ({ code, stdout, stderr }) => ({ code: code as number, stdout: stdout as string, stderr: stderr as string }),
  );

const profile = (name: string) => `https://www.linkedin.com/in/${name}`;

describe.skipIf(python === undefined)('the client in Python', () => {
  const call = (...given: string[]) =>
    outcomeOf(run(String(python), ['-B', 'examples/python/reveal_relay.py', url, ...given], { cwd: repository }));

  it('starts a reveal, waits for it, and prints what was found', async () => {
    const { code, stdout, stderr } = await call(profile('quick-python'));
    expect(code).toBe(0);
    expect(stderr).toMatch(/^waiting for person-1-[0-9a-f]+\n$/);
    expect(JSON.parse(stdout).emails.length).toBeGreaterThan(0);
  });

  it('says how a reveal has ended that found nobody', async () => {
    expect(await call(profile('failed-python'))).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/ended as failed: \S+\n$/),
    });
  });

  it('says what a problem says', async () => {
    expect(await call('somebody@example.com')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^422 Correct the body as the detail says\.: /),
    });
  });

  it('runs as docs/languages.md shows it', async () => {
    const [snippet = ''] = [...page.matchAll(/```python\n([\s\S]*?)```/g)].map(([, code]) => code);
    expect(snippet).toContain('http://127.0.0.1:8787');
    const { stdout } = await run(String(python), ['-B', '-c', snippet.replace('http://127.0.0.1:8787', url)], {
      cwd: `${repository}examples/python`,
    });
    expect(stdout).toMatch(/^\S+@example\.com valid\n/);
  });

  it.skipIf(!hasBotocore)('signs for AWS what botocore signs', async () => {
    const { stdout } = await run(
      String(python),
      [
        '-B',
        '-c',
        'from reveal_relay import RevealRelay; print(RevealRelay("https://a1.execute-api.eu-west-1.amazonaws.com")._access("GET", "https://a1.execute-api.eu-west-1.amazonaws.com/reveals", None, {})["Authorization"])',
      ],
      {
        cwd: `${repository}examples/python`,
        env: { ...process.env, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'test' },
      },
    );
    expect(stdout).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request, /);
  });
});

describe.skipIf(!hasCurl || !hasBash)('the script with curl', () => {
  const call = (...given: string[]) =>
    outcomeOf(run('bash', ['examples/curl/reveal.sh', url, ...given], { cwd: repository }));

  it('starts a reveal, waits for it, and prints it', async () => {
    const { code, stdout } = await call(profile('quick-curl'));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'completed' });
  });

  it('prints the problem, and fails', async () => {
    const { code, stderr } = await call('somebody@example.com');
    expect(code).not.toBe(0);
    expect(stderr).toContain('"title":"Correct the body as the detail says."');
  });
});
