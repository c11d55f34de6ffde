import { randomUUID } from 'node:crypto';
import { place } from '../template/local-names.ts';
import { type LocalResource, type LocalStack, TemplateError } from '../template/template.ts';
import type { RelayClock, RelayTimers } from '../time/relay-time.ts';

export interface SchedulesOptions {
  readonly stack: LocalStack;
  /** ARNs of the functions that `deliver` knows. */
  readonly functions: ReadonlySet<string>;
  /** Invokes a function asynchronously. */
  readonly deliver: (functionArn: string, payload: unknown) => void;
  readonly clock: RelayClock;
  readonly timers: RelayTimers;
}

interface Schedule {
  readonly everyMs: number;
  readonly functionArn: string;
  /** What the function is given; an event of the scheduler's own when left out. */
  readonly payload: unknown;
}

const units = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Starts the schedules of the template: each fires for the first time after one interval of relay time. Time windows are
 * taken at their start.
 *
 * @throws TemplateError on a schedule that is no plain rate, or does something other than invoke a function
 */
export function startSchedules(options: SchedulesOptions): void {
  const { stack, deliver, clock, timers } = options;
  const schedules = stack.ofType('AWS::Scheduler::Schedule').flatMap((resource) => readSchedule(resource, options));
  for (const { everyMs, functionArn, payload } of schedules) {
    const next = () =>
      timers.set(() => {
        deliver(functionArn, payload ?? schedulerEvent(clock.now()));
        next();
      }, everyMs);
    next();
  }
}

function readSchedule(resource: LocalResource, { functions }: SchedulesOptions): Schedule[] {
  const { ScheduleExpression, State, Target, StartDate, EndDate } = resource.properties();
  const refuse = (what: string) =>
    new TemplateError(`${resource.logicalId} (${resource.type}) ${what}, for which there is no adapter.`);
  if (StartDate !== undefined || EndDate !== undefined) throw refuse('has StartDate or EndDate');
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(ScheduleExpression)) ?? [];
  if (!unit) throw refuse(`runs at ${ScheduleExpression}`);
  const { Arn, Input } = Target as { Arn?: string; Input?: string };
  if (!functions.has(String(Arn))) throw refuse(`has the target ${Arn}`);
  if (State === 'DISABLED') return [];
  const everyMs = Number(count) * units[unit as keyof typeof units];
  return [{ everyMs, functionArn: String(Arn), payload: Input === undefined ? undefined : JSON.parse(Input) }];
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html */
function schedulerEvent(now: number) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: place.account,
    time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    region: place.region,
    resources: [],
    detail: '{}',
  };
}
