import { expect, it } from 'vitest';
import { startSchedules } from '../../../local/services/schedules.ts';
import { LocalStack } from '../../../local/template/template.ts';
import { RelayClock, RelayTimers } from '../../../local/time/relay-time.ts';

const work = 'arn:aws:lambda:us-east-1:000000000000:function:work';

function start(properties: Record<string, unknown>) {
  const clock = RelayClock.start(Number.POSITIVE_INFINITY);
  const timers = new RelayTimers(clock);
  const delivered: unknown[] = [];
  const stack = new LocalStack('S', {
    Resources: { Sweep: { Type: 'AWS::Scheduler::Schedule', Properties: properties } },
  });
  startSchedules({
    stack,
    functions: new Set([work]),
    clock,
    timers,
    deliver: (_arn, payload) => delivered.push(payload),
  });
  const pass = (minutes: number) => {
    clock.jump(minutes * 60_000);
    timers.catchUp();
  };
  return { delivered, pass, timers };
}

it('invokes its function at its rate, for the first time after one interval', () => {
  const { delivered, pass, timers } = start({
    ScheduleExpression: 'rate(5 minutes)',
    Target: { Arn: work, Input: '{"a":1}' },
  });
  pass(4);
  expect(delivered).toEqual([]);
  pass(1);
  expect(delivered).toEqual([{ a: 1 }]);
  pass(5);
  expect(delivered).toHaveLength(2);
  timers.clearAll();
});

it('tells the function the time when it has no input for it', () => {
  const { delivered, pass, timers } = start({ ScheduleExpression: 'rate(1 hour)', Target: { Arn: work } });
  pass(60);
  expect(delivered).toEqual([
    expect.objectContaining({ source: 'aws.scheduler', time: expect.stringMatching(/^\d{4}-.*Z$/) }),
  ]);
  timers.clearAll();
});

it('does nothing while it is disabled', () => {
  const { timers } = start({ ScheduleExpression: 'rate(1 day)', State: 'DISABLED', Target: { Arn: work } });
  expect(timers.size).toBe(0);
});

it.each([
  [{ ScheduleExpression: 'cron(0 12 * * ? *)', Target: { Arn: work } }, 'runs at cron(0 12 * * ? *)'],
  [{ ScheduleExpression: 'rate(1 day)', Target: { Arn: 'arn:aws:sqs:x' } }, 'has the target arn:aws:sqs:x'],
  [{ ScheduleExpression: 'rate(1 day)', EndDate: 'x', Target: { Arn: work } }, 'has StartDate or EndDate'],
])('refuses %j', (properties, message) => {
  expect(() => start(properties)).toThrow(`Sweep (AWS::Scheduler::Schedule) ${message}`);
});
