import { expect, it } from 'vitest';
import { costOf } from '../../../cli/embedded/looked-for.ts';
import { readStartArguments, startUsage } from '../../../cli/embedded/start-arguments.ts';
import { UsageError } from '../../../cli/usage-error.ts';
import { proxyVariables } from '../../../cli/vendor-choice.ts';
import { scenarios } from '../../../local/fiber/index.ts';

const read = (line: string, environment: Record<string, string> = {}) =>
  readStartArguments(line.split(' ').filter(Boolean), environment);

it('reveals a person at the stand-in when it is told nothing', () => {
  expect(read('')).toEqual({
    help: false,
    vendor: { kind: 'stand-in' },
    subject: { kind: 'profile', linkedinUrl: 'https://www.linkedin.com/in/completed-1', find: undefined },
    speed: undefined,
    json: false,
    yes: false,
  });
});

it('takes a task, a scenario, a speed and the wish for JSON', () => {
  expect(read('--task-id abc --scenario slow --speed 2.5 --json')).toMatchObject({
    subject: { kind: 'task', taskId: 'abc', scenario: 'slow' },
    speed: 2.5,
    json: true,
  });
});

it('takes a profile, what to look for, and the agreement to pay', () => {
  const line = '--profile https://www.linkedin.com/in/example --find phone-numbers,work-emails --yes';
  expect(read(line, { FIBER_API_KEY: 'k' })).toMatchObject({
    subject: {
      kind: 'profile',
      linkedinUrl: 'https://www.linkedin.com/in/example',
      find: ['work-emails', 'phone-numbers'],
    },
    yes: true,
  });
});

it('takes a scenario for the profile that plays it', () => {
  expect(read('--scenario slow')).toMatchObject({ subject: { linkedinUrl: 'https://www.linkedin.com/in/slow-1' } });
});

it.each<[Parameters<typeof costOf>[0], string]>([
  [undefined, '12 credits'],
  [['work-emails', 'personal-emails', 'phone-numbers'], '12 credits'],
  [['work-emails', 'personal-emails'], '9 credits'],
  [['work-emails'], '5 credits'],
  [['personal-emails'], '5 credits'],
  [['phone-numbers'], '4 credits'],
  [['work-emails', 'phone-numbers'], 'up to 12 credits'],
])('says what it costs to look for %j', (find, cost) => {
  expect(costOf(find)).toBe(cost);
});

it('asks the real API when there is a key, in real time', () => {
  expect(read('--task-id abc', { FIBER_API_KEY: 'k' })).toMatchObject({
    vendor: { kind: 'address', baseUrl: 'https://api.fiber.ai', apiKey: 'k', isLoopback: false },
    speed: undefined,
  });
  expect(read('--task-id abc --speed 1', { FIBER_API_KEY: 'k' })).toMatchObject({ speed: 1 });
});

it.each(['http://127.0.0.1:8080', 'http://localhost:9', 'http://[::1]:9', 'http://127.8.9.1'])(
  'asks a server at %s at any speed, and needs no key for it',
  (address) => {
    expect(read('--task-id abc --speed 20', { FIBER_BASE_URL: address })).toMatchObject({
      vendor: { kind: 'address', baseUrl: address, apiKey: 'placeholder-key', isLoopback: true },
      speed: 20,
    });
  },
);

it('asks another server with the key that it is given', () => {
  expect(read('--task-id abc', { FIBER_BASE_URL: 'https://fiber.example', FIBER_API_KEY: 'k' })).toMatchObject({
    vendor: { baseUrl: 'https://fiber.example', apiKey: 'k' },
  });
});

it('asks it at the path of a gateway in front of it', () => {
  const environment = { FIBER_BASE_URL: 'https://gateway.example/fiber/', FIBER_API_KEY: 'k' };
  expect(read('--task-id abc', environment)).toMatchObject({ vendor: { baseUrl: 'https://gateway.example/fiber' } });
});

it('tells the handlers of a proxy only where Node is told to use one', () => {
  const proxy = { HTTPS_PROXY: 'http://proxy.example:3128', NO_PROXY: 'localhost', FIBER_API_KEY: 'k' };
  expect(proxyVariables(proxy)).toEqual({});
  expect(proxyVariables({ ...proxy, NODE_USE_ENV_PROXY: '1' })).toEqual({
    HTTPS_PROXY: 'http://proxy.example:3128',
    NO_PROXY: 'localhost',
    NODE_USE_ENV_PROXY: '1',
  });
});

it('takes empty variables for unset ones', () => {
  expect(read('', { FIBER_API_KEY: '', FIBER_BASE_URL: '' })).toMatchObject({ vendor: { kind: 'stand-in' } });
});

it('knows help in every situation', () => {
  expect(read('--help', { FIBER_API_KEY: 'k' })).toEqual({ help: true });
  expect(read('-h')).toEqual({ help: true });
});

const real = { FIBER_API_KEY: 'k' };

it.each<[string, Record<string, string>, string]>([
  ['--nonsense', {}, "Unknown option '--nonsense'"],
  ['stray', {}, "Unexpected argument 'stray'"],
  ['--task-id', {}, "Option '--task-id <value>' argument missing"],
  ['--task-id=', {}, '--task-id is no id of a task'],
  ['--task-id ada@example.com', {}, '--task-id is no id of a task'],
  [`--task-id ${'x'.repeat(257)}`, {}, '--task-id is no id of a task'],
  ['--scenario nobody', {}, 'There is no scenario "nobody". There is: completed, quick, slow'],
  ['--speed fast', {}, '--speed is "fast": give a number of at least 1'],
  ['--speed 0', {}, '--speed is "0"'],
  ['--speed 0.5', {}, '--speed is "0.5"'],
  ['--speed=-1', {}, '--speed is "-1"'],
  ['--speed Infinity', {}, '--speed is "Infinity"'],
  ['--speed=', {}, '--speed is ""'],
  ['--profile=', {}, '--profile is empty'],
  ['--profile abc --task-id def', {}, 'give one of them'],
  ['--profile abc --scenario slow', {}, 'leave it out, or give a slug such as slow-1'],
  ['--task-id abc --find phone-numbers', {}, '--find is for --profile'],
  ['--find faxes', {}, '--find is "faxes": give one or more of work-emails, personal-emails, phone-numbers'],
  ['--find=', {}, '--find is ""'],
  ['--json=yes', {}, "Option '--json' does not take an argument"],
  ['', real, 'FIBER_API_KEY is set, so say whom to reveal: --profile URL, which costs credits, or --task-id'],
  ['--scenario slow', real, '--scenario is for the stand-in, and FIBER_API_KEY asks https://api.fiber.ai'],
  ['--task-id abc --speed 2', real, '--speed 2 is for the stand-in and for servers on this machine'],
  [
    '',
    { FIBER_BASE_URL: 'http://127.0.0.1:1' },
    'FIBER_BASE_URL is set, so say whom to reveal: --profile URL, which costs credits, or --task-id',
  ],
  ['--task-id abc', { FIBER_BASE_URL: 'https://fiber.example' }, 'https://fiber.example, which needs a key'],
  ['--task-id abc', { FIBER_BASE_URL: 'not an address' }, 'FIBER_BASE_URL is no address'],
  ['--task-id abc', { FIBER_BASE_URL: 'ftp://127.0.0.1' }, 'FIBER_BASE_URL is no address'],
  // The key would be there for everybody on the way to read.
  ['--task-id abc', { FIBER_BASE_URL: 'http://fiber.example', FIBER_API_KEY: 'k' }, 'FIBER_BASE_URL is no address'],
  ['--task-id abc', { FIBER_BASE_URL: 'https://fiber.example/?a=1', FIBER_API_KEY: 'k' }, 'is no address for a key'],
  [
    '--task-id abc --speed 2',
    { FIBER_API_KEY: 'k', FIBER_BASE_URL: 'https://127.0.0.1.evil.example' },
    '--speed 2 is for',
  ],
])('refuses %j with %j and says what is wrong', (line, environment, message) => {
  expect(() => read(line, environment)).toThrow(UsageError);
  expect(() => read(line, environment)).toThrow(message);
});

it('never repeats the key', () => {
  const attempts = ['--speed 2 --task-id a', '--scenario slow', ''];
  for (const line of attempts) {
    expect(() => read(line, { FIBER_API_KEY: 'sk-very-secret' })).toThrow(/^(?!.*sk-very-secret)/s);
  }
});

it('lists every option and every scenario in its usage', () => {
  for (const word of [
    '--profile',
    '--find',
    '--yes',
    '--task-id',
    '--scenario',
    '--speed',
    '--json',
    '--help',
    'FIBER_API_KEY',
    'FIBER_BASE_URL',
  ]) {
    expect(startUsage).toContain(word);
  }
  for (const { name, description } of scenarios)
    expect(startUsage).toMatch(new RegExp(`${name} +${description.slice(0, 10)}`));
});
