import { App, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { describe, expect, it } from 'vitest';
import { RevealRelay } from '../../lib/index.ts';
import { patiently, resourcesOf } from '../support/synthesised.ts';

const env = { account: '111122223333', region: 'eu-west-1' };
const busArn = 'arn:aws:events:eu-west-1:111122223333:event-bus/shared';

const patternsOf = (stack: Stack) =>
  resourcesOf(stack)
    .filter(({ Type, logicalId }) => Type === 'AWS::Events::Rule' && /RequestsRule/.test(logicalId))
    .map(({ Properties }) => Properties.EventPattern);
const variablesOf = (stack: Stack, name: string) =>
  resourcesOf(stack)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => (Properties.Environment as { Variables: Record<string, unknown> }).Variables[name])
    .filter((value) => value !== undefined);

describe('two relays on one bus', patiently, () => {
  it('take the requests that carry their names, and say in their events whose they are', () => {
    const stack = new Stack(new App(), 'App', { env });
    const eventBus = new EventBus(stack, 'Shared');
    for (const name of ['sales', 'support']) new RevealRelay(stack, name, { eventBus, name });
    expect(patternsOf(stack)).toEqual(
      ['sales', 'support'].map((name) => ({
        'detail-type': ['Contact Reveal Requested'],
        detail: { relay: [name] },
      })),
    );
    expect(new Set(variablesOf(stack, 'RELAY_NAME'))).toEqual(new Set(['sales', 'support']));
  });

  const refused = /both would answer .*give each a name of its own/;
  it.each([
    ['without names', {}, {}],
    ['of which only one has a name', { name: 'sales' }, {}],
    ['with the same name', { name: 'sales' }, { name: 'sales' }],
  ])('are refused %s', (_how, one, other) => {
    const stack = new Stack(new App(), 'App');
    const eventBus = new EventBus(stack, 'Shared');
    new RevealRelay(stack, 'One', { eventBus, ...one });
    expect(() => new RevealRelay(stack, 'Other', { eventBus, ...other })).toThrow(refused);
  });

  it('are recognised from different stacks, however each has come by the bus', () => {
    const app = new App();
    const one = new Stack(app, 'One', { env });
    const other = new Stack(app, 'Other', { env });
    new RevealRelay(one, 'Relay', { eventBus: EventBus.fromEventBusArn(one, 'Shared', busArn) });
    const eventBus = EventBus.fromEventBusName(other, 'Shared', 'shared');
    expect(() => new RevealRelay(other, 'Relay', { eventBus })).toThrow('One/Relay and Other/Relay are on one bus');
  });

  it('are not seen where there are none: in other regions, in other stages, under names that only a template knows', () => {
    const app = new App();
    const put = (stack: Stack, name = 'shared') =>
      new RevealRelay(stack, 'Relay', { eventBus: EventBus.fromEventBusName(stack, 'Bus', name) });
    put(new Stack(app, 'Europe', { env }));
    put(new Stack(app, 'America', { env: { ...env, region: 'us-east-1' } }));
    for (const stage of ['Dev', 'Prod']) put(new Stack(new Stage(app, stage), 'Anywhere'));
    for (const id of ['Left', 'Right']) {
      const stack = new Stack(app, id, { env });
      put(stack, new CfnParameter(stack, 'BusName').valueAsString);
    }
  });
});

describe('a bus of the relay alone', patiently, () => {
  it('needs no name: all requests on it are for this relay', () => {
    const stack = new Stack(new App(), 'App', { env });
    new RevealRelay(stack, 'One');
    new RevealRelay(stack, 'Other');
    const pattern = { 'detail-type': ['Contact Reveal Requested'] };
    expect(patternsOf(stack)).toEqual([pattern, pattern]);
    expect(variablesOf(stack, 'RELAY_NAME')).toEqual([]);
  });
});

describe('an imported bus', patiently, () => {
  it('is told to the handlers and to the rule by its ARN, which means one bus wherever it is', () => {
    const stack = new Stack(new App(), 'App');
    new RevealRelay(stack, 'Relay', { eventBus: EventBus.fromEventBusArn(stack, 'Shared', busArn) });
    expect(new Set(variablesOf(stack, 'EVENT_BUS'))).toEqual(new Set([busArn]));
    const [rule] = resourcesOf(stack).filter(({ logicalId }) => /RequestsRule/.test(logicalId));
    expect(rule?.Properties.EventBusName).toBe(busArn);
  });

  it.each([
    ['account', 'arn:aws:events:eu-west-1:999988887777:event-bus/shared'],
    ['region', 'arn:aws:events:us-east-1:111122223333:event-bus/shared'],
  ])('of another %s is refused, with what to do', (what, arn) => {
    const stack = new Stack(new App(), 'App', { env });
    const eventBus = EventBus.fromEventBusArn(stack, 'Shared', arn);
    expect(() => new RevealRelay(stack, 'Relay', { eventBus })).toThrow(
      new RegExp(`in the ${what} .*Leave eventBus out`),
    );
  });
});
