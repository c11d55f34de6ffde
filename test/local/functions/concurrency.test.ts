// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are CloudFormation's own placeholders
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, describe, expect, it } from 'vitest';
import { accountConcurrency, Places } from '../../../local/functions/concurrency.ts';
import { EmbeddedRelay } from '../../../local/relay.ts';
import { LocalStack } from '../../../local/template/template.ts';
import { RelayClock } from '../../../local/time/relay-time.ts';
import { stateMachine, tinyAssembly } from '../../support/tiny-stack.ts';

/** Sleeps for a minute of relay time when it is told to, and says when it is done. */
const worker = `
  import { setTimeout as sleep } from 'node:timers/promises';
  export const handler = async (event) => {
    if ((event.detail ?? event).sleep) await sleep(60_000);
    console.log('done');
    return 'done';
  };`;

const functionOf = (reserved?: number) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { ...(reserved !== undefined && { ReservedConcurrentExecutions: reserved }) },
});

const open: EmbeddedRelay[] = [];
afterEach(async () => {
  for (const relay of open.splice(0)) await relay.close();
});

async function start(concurrency: number | undefined, functionProperties: Record<string, unknown> = {}) {
  const assembly = await tinyAssembly({
    functions: { One: worker, Other: worker },
    functionProperties: { Timeout: 120, ...functionProperties },
    resources: {
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['tests'] },
          State: 'ENABLED',
          Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['One', 'Arn'] } }],
        },
      },
      Dead: { Type: 'AWS::SQS::Queue' },
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'One' },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
          MaximumEventAgeInSeconds: 600,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Dead', 'Arn'] } } },
        },
      },
      Machine: stateMachine({
        StartAt: 'Work',
        States: { Work: { Type: 'Task', Resource: '${One.Arn}', TimeoutSeconds: 200, End: true } },
      }),
    },
    outputs: { Dead: { Value: { 'Fn::GetAtt': ['Dead', 'Arn'] } }, StateMachineArn: { Value: { Ref: 'Machine' } } },
  });
  const clock = RelayClock.start(Number.POSITIVE_INFINITY);
  const lines: string[] = [];
  const relay = await EmbeddedRelay.start({ assembly, clock, concurrency, onLog: (_name, line) => lines.push(line) });
  open.push(relay);
  const handler = (name: string) => {
    const found = relay.handlers.get(name);
    if (!found) throw new Error(`no handler ${name}`);
    return found;
  };
  const during = <T>(work: Promise<T>) => relay.deployment.fastForward?.during(work);
  const until = (holds: () => boolean) =>
    during(
      (async () => {
        while (!holds()) await new Promise(setImmediate);
      })(),
    );
  const put = (detail: unknown) =>
    new EventBridgeClient({
      endpoint: relay.deployment.endpointUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    }).send(
      new PutEventsCommand({ Entries: [{ Source: 'tests', DetailType: 'Any', Detail: JSON.stringify(detail) }] }),
    );
  return { relay, one: handler('One'), other: handler('Other'), during, until, put, lines };
}

const tooMany = { failure: { errorType: 'Lambda.TooManyRequestsException' }, isThrottle: true };

it('has so many places and no more, however often they are taken and left', () => {
  const places = new Places(2);
  expect([places.take(), places.take(), places.take()]).toEqual([true, true, false]);
  places.leave();
  expect([places.take(), places.take()]).toEqual([true, false]);
});

describe('the concurrency of an account', () => {
  it('is shared by all functions, and a handler that sleeps holds its place', async () => {
    const { one, other, during } = await start(1);
    const sleeping = one.invoke({ sleep: true });
    await expect(one.invoke({})).rejects.toMatchObject(tooMany);
    await expect(other.invoke({})).rejects.toMatchObject(tooMany);

    expect(await during(sleeping)).toBe('done');
    expect(await other.invoke({})).toBe('done');
  });

  it('is without a limit unless one is given', async () => {
    const { one, during } = await start(undefined);
    const all = Array.from({ length: 100 }, () => one.invoke({ sleep: true }));
    expect(new Set(await during(Promise.all(all)))).toEqual(new Set(['done']));
  });

  it('leaves to a function what it reserves, and no more', async () => {
    const { one, other, during } = await start(undefined, { ReservedConcurrentExecutions: 1 });
    const sleeping = one.invoke({ sleep: true });
    await expect(one.invoke({})).rejects.toMatchObject(tooMany);
    expect(await other.invoke({})).toBe('done');
    await during(sleeping);
  });

  it('is less for the others by what some reserve', () => {
    const stack = new LocalStack('Tiny', {
      Resources: { Reserves: functionOf(2), One: functionOf(), Other: functionOf() },
    });
    const places = accountConcurrency(stack, 3);
    expect(places.get('Tiny-One')?.take()).toBe(true);
    expect(places.get('Tiny-Other')?.take()).toBe(false);
    const own = places.get('Tiny-Reserves');
    expect([own?.take(), own?.take(), own?.take()]).toEqual([true, true, false]);
  });

  it('cannot be reserved to the last', () => {
    const stack = new LocalStack('Tiny', { Resources: { One: functionOf(2), Other: functionOf(1) } });
    expect(() => accountConcurrency(stack, 3)).toThrow(
      "reserve 3 concurrent executions of the account's 3, and AWS wants some left for all others: reserve fewer",
    );
  });
});

it('tells a state machine of it by the name that Lambda has for it', async () => {
  const { relay, one, during } = await start(1);
  const sleeping = one.invoke({ sleep: true });
  const arn = await relay.startReveal({});
  expect(await relay.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Lambda.TooManyRequestsException' });
  await during(sleeping);
});

describe('an event for a function without concurrency', () => {
  it('is tried again until there is some, though failures are not', async () => {
    const { relay, one, until, put, lines } = await start(1);
    void one.invoke({ sleep: true });
    for (let i = 0; i < 3; i += 1) await put({ sleep: true });
    await until(() => lines.length === 4);
    expect(relay.queues.messages(String(relay.outputs.Dead))).toEqual([]);
  });

  it('is laid down when it is too old', async () => {
    const { relay, until, put } = await start(undefined, { ReservedConcurrentExecutions: 0 });
    await put({ n: 1 });
    const dead = () => relay.queues.messages(String(relay.outputs.Dead));
    await until(() => dead().length > 0);
    const letter = JSON.parse(dead()[0]?.body ?? '');
    expect(letter).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded' },
      requestPayload: { detail: { n: 1 } },
    });
    expect(letter.requestContext.approximateInvokeCount).toBeGreaterThan(5);
    expect(letter).not.toHaveProperty('responsePayload');
  });
});
