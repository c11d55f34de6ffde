import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { startCallSeconds } from '../../../lambdas/contract.ts';
import { MissingConfiguration, RelayFault, UnexpectedState } from '../../../lambdas/reveal/errors.ts';
import { handlerTimeout } from '../../../lib/handlers/reveal-handler.ts';
import { permanentErrors } from '../../../lib/workflow/retriers.ts';
import { testAssembly } from '../../support/assembly.ts';

interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Variable: string; StringEquals: string; Next: string }[];
  Catch?: { ErrorEquals: string[]; Next: string; ResultPath?: string }[];
  Retry?: { ErrorEquals: string[]; IntervalSeconds: number; MaxAttempts: number; MaxDelaySeconds: number }[];
  TimeoutSeconds?: number;
  TimestampPath?: string;
}
interface Definition {
  StartAt: string;
  QueryLanguage: string;
  TimeoutSeconds: number;
  States: Record<string, State>;
}

let definition: Definition;
let type: string;
beforeAll(async () => {
  const { template } = await testAssembly();
  const machines = Object.values(
    template.Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>,
  );
  const machine = machines.find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  if (!machine) throw new Error('no state machine in the template');
  const [, parts] = (machine.Properties.DefinitionString as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  definition = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'arn')).join(''));
  type = machine.Properties.StateMachineType as string;
});

const tasks = () => Object.entries(definition.States).filter(([, state]) => state.Type === 'Task');

/** Every way from one state to the next, as `from --> to`. */
function edges(): string[] {
  const ways = Object.entries(definition.States).flatMap(([from, state]) => {
    const targets = [
      state.Next,
      state.Default,
      ...(state.Choices ?? []).map(({ Next }) => Next),
      ...(state.Catch ?? []).map(({ Next }) => Next),
    ];
    const ends = ['Succeed', 'Fail'].includes(state.Type) || 'End' in state ? ['[*]'] : [];
    return [...targets.filter((to) => to !== undefined), ...ends].map((to) => `${from} --> ${to}`);
  });
  return [`[*] --> ${definition.StartAt}`, ...ways];
}

describe('the workflow', () => {
  it('is Standard and speaks JSONPath throughout, the only language that also runs on a laptop', () => {
    expect(type).toBe('STANDARD');
    expect(definition.QueryLanguage).toBe('JSONPath');
    expect(JSON.stringify(definition)).not.toMatch(/JSONata|\{%|"Assign"|"Arguments"|"Output":/);
  });

  it('asks what is next after admission, after the start of a task, and after every poll', () => {
    expect(definition.States['Next?']).toEqual({
      Type: 'Choice',
      Choices: [
        { Variable: '$.outcome', StringEquals: 'pending', Next: 'WaitForSlot' },
        { Variable: '$.outcome', StringEquals: 'to-start', Next: 'WaitToStart' },
        { Variable: '$.outcome', StringEquals: 'duplicate', Next: 'AlreadyTracked' },
        { Variable: '$.outcome', StringEquals: 'completed', Next: 'SettleRevealed' },
      ],
      Default: 'SettleNotRevealed',
    });
    const { Admit, StartTask, Poll, WaitForSlot, WaitToStart } = definition.States;
    expect([Admit, StartTask, Poll].map((state) => state?.Next)).toEqual(['Next?', 'Next?', 'Next?']);
    expect(WaitForSlot).toEqual({ Type: 'Wait', TimestampPath: '$.nextPollAt', Next: 'Poll' });
    expect(WaitToStart).toEqual({ Type: 'Wait', TimestampPath: '$.nextStartAt', Next: 'StartTask' });
  });

  it('settles what Admit, StartTask or Poll cannot go on with', () => {
    const caught = [{ ErrorEquals: ['States.ALL'], Next: 'SettleNotRevealed' }];
    const { Admit, StartTask, Poll } = definition.States;
    expect([Admit, StartTask, Poll].map((state) => state?.Catch)).toEqual([caught, caught, caught]);
  });

  it('retries by exclusion: never our permanent errors, a throttle for as long as it lives, and all the rest a few times', () => {
    for (const [name, { Retry = [] }] of tasks()) {
      const [never, throttled, rest, ...more] = Retry;
      expect(never).toMatchObject({ ErrorEquals: permanentErrors, MaxAttempts: 0 });
      expect(throttled?.ErrorEquals).toContain('Lambda.TooManyRequestsException');
      expect(rest).toMatchObject({ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL' });
      expect(rest?.MaxAttempts).toBe(name.startsWith('Settle') ? 15 : 6);
      expect(more).toEqual([]);
    }
  });

  it('waits out a throttle with pauses of a minute at most, and runs out of time before it runs out of attempts', () => {
    for (const [, { Retry = [] }] of tasks()) {
      const { IntervalSeconds = 0, MaxAttempts = 0, MaxDelaySeconds = 0 } = Retry[1] ?? {};
      expect(IntervalSeconds).toBeGreaterThanOrEqual(10);
      expect(MaxDelaySeconds).toBeLessThanOrEqual(60);
      const meanPause = IntervalSeconds / 2;
      expect(MaxAttempts * meanPause).toBeGreaterThan(definition.TimeoutSeconds);
      // A retry writes three events, and a Standard execution may have 25,000.
      const retriesInALifetime = definition.TimeoutSeconds / (MaxDelaySeconds / 2);
      expect(3 * retriesInALifetime).toBeLessThan(25_000 / 4);
    }
  });

  it('names the errors that it never retries as the handlers throw them', () => {
    const thrown = [new MissingConfiguration('TABLE', 'is missing'), new UnexpectedState('poll')];
    expect(permanentErrors).toEqual(thrown.map(({ name }) => name));
    expect(permanentErrors).not.toContain(new RelayFault('DynamoDB', 'TimeoutError').name);
  });

  it('times out outside in: handler, then task, then workflow', () => {
    const { handlerLives } = startCallSeconds;
    for (const [name, task] of tasks()) {
      const ofHandler = name === 'StartTask' ? handlerLives : handlerTimeout.toSeconds();
      expect(task.TimeoutSeconds).toBeGreaterThan(ofHandler);
    }
    expect(definition.TimeoutSeconds).toBe(12 * 3_600);
  });

  it('looks as the README draws it', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const diagram = readme.match(/```mermaid\nstateDiagram-v2\n([\s\S]*?)```/)?.[1] ?? '';
    const named = new Map([...diagram.matchAll(/state "(.+)" as (\w+)/g)].map(([, name, alias]) => [alias, name]));
    const drawn = [...diagram.matchAll(/^\s*(\S+) --> ([^\s:]+)/gm)].map(([, from = '', to = '']) =>
      [from, to].map((state) => named.get(state) ?? state).join(' --> '),
    );
    expect(new Set(drawn)).toEqual(new Set(edges()));
  });
});
