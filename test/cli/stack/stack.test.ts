import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { stack } from '../../../cli/stack/command.ts';

const bundle = fileURLToPath(new URL('../../../dist/handlers/poll/index.js', import.meta.url));

async function run(given: string[], text = ''): Promise<{ code: number; out: string; err: string }> {
  const printed = { out: '', err: '' };
  const screen = (name: keyof typeof printed) => ({
    write: (part: string) => {
      printed[name] += part;
      return true;
    },
  });
  const code = await stack({ given, stdin: Readable.from([text]), stdout: screen('out'), stderr: screen('err') });
  return { code, ...printed };
}

/** What a handler without its settings throws, when Lambda loads it. */
async function ownTrace(): Promise<string> {
  const load = `try { require(${JSON.stringify(bundle)}).handler({}, {}).catch(say) } catch (error) { say(error) }
    function say(error) { console.log(error.stack) }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', load], { env: {} });
  return stdout;
}

it('says where in the source a minified handler has failed', async () => {
  const trace = await ownTrace();
  expect(trace).toMatch(/index\.js:\d+:\d+/);
  const { code, out } = await run(['poll'], trace);
  expect(code).toBe(0);
  const [, file = '', line] = /\b(lambdas\/runtime\/[\w-]+\.ts):(\d+):\d+/.exec(out) ?? [];
  const source = await readFile(fileURLToPath(new URL(`../../../${file}`, import.meta.url)), 'utf8');
  expect(source.split('\n')[Number(line) - 1]).toContain('MissingConfiguration(');
  expect(out).not.toMatch(/index\.js/);
});

it('reads the cause of a failed execution, and keeps what is no place in a bundle', async () => {
  const [, line, column] = /index\.js:(\d+):(\d+)/.exec(await ownTrace()) ?? [];
  const cause = `{"errorType":"RelayFault","trace":["at x (/var/task/index.js:${line}:${column})","at y (node:internal/process:1:2)"]}`;
  const { out } = await run(['poll'], cause);
  expect(JSON.parse(out)).toEqual({
    errorType: 'RelayFault',
    trace: [expect.stringMatching(/^at x \(lambdas\/\S+\.ts:\d+:\d+\)$/), 'at y (node:internal/process:1:2)'],
  });
});

it('asks for a handler that there is', async () => {
  for (const given of [[], ['pol'], ['poll', 'settle']]) {
    const { code, err } = await run(given);
    expect([code, err]).toEqual([2, expect.stringContaining('admit, start-task, poll, settle')]);
  }
});
