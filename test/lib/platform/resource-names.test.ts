import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { RevealRelay, type RevealRelayProps } from '../../../lib/index.ts';
import { patiently, relayWith, resourcesOf } from '../../support/synthesised.ts';

describe('resourceNames', patiently, () => {
  it('are what the parts are called that others refer to', () => {
    const resources = relayWith({
      resourceNames: {
        table: 'acme-reveals',
        eventBus: 'acme-reveals',
        apiKeySecret: 'acme/fiber-key',
        stateMachine: 'acme-reveals',
        deadLetters: 'acme-reveals-dead',
      },
    });
    const called = (part: RegExp, property: string) =>
      resources.find(({ logicalId }) => part.test(logicalId))?.Properties[property];
    expect(called(/^RelayReveals[0-9A-F]{8}$/, 'TableName')).toBe('acme-reveals');
    expect(called(/^RelayBus[0-9A-F]{8}$/, 'Name')).toBe('acme-reveals');
    expect(called(/^RelayApiKey[0-9A-F]{8}$/, 'Name')).toBe('acme/fiber-key');
    expect(called(/^RelayWorkflowStateMachine[0-9A-F]{8}$/, 'StateMachineName')).toBe('acme-reveals');
    expect(called(/^RelayDeadLetters[0-9A-F]{8}$/, 'QueueName')).toBe('acme-reveals-dead');
  });

  it('may be parameters of the template', () => {
    const stack = new Stack(new App(), 'App');
    const table = new CfnParameter(stack, 'TableName').valueAsString;
    new RevealRelay(stack, 'Relay', { resourceNames: { table } });
    const names = resourcesOf(stack).map(({ Properties }) => Properties.TableName);
    expect(names).toContainEqual({ Ref: 'TableName' });
  });

  it.each<[string, (stack: Stack) => RevealRelayProps]>([
    ['resourceNames.table is "a b": give 3 to 255', () => ({ resourceNames: { table: 'a b' } })],
    ['resourceNames.eventBus is "default": give up to 256', () => ({ resourceNames: { eventBus: 'default' } })],
    ['resourceNames.stateMachine is "a.b": give up to 80', () => ({ resourceNames: { stateMachine: 'a.b' } })],
    [
      'resourceNames.table names what the relay makes, and table is there already',
      (stack) => ({ resourceNames: { table: 'one' }, table: TableV2.fromTableName(stack, 'Table', 'Kept') }),
    ],
    [
      'resourceNames.eventBus names what the relay makes, and eventBus is there already',
      (stack) => ({ resourceNames: { eventBus: 'one' }, eventBus: EventBus.fromEventBusName(stack, 'Bus', 'shared') }),
    ],
    [
      'resourceNames.apiKeySecret names what the relay makes, and apiKeySecret is there already',
      (stack) => ({
        resourceNames: { apiKeySecret: 'one' },
        apiKeySecret: Secret.fromSecretNameV2(stack, 'Secret', 'kept'),
      }),
    ],
  ])('that cannot be are refused before anything is made: %s', (message, props) => {
    const stack = new Stack(new App(), 'App');
    expect(() => new RevealRelay(stack, 'Relay', props(stack))).toThrow(message);
    expect(stack.node.findChild('Relay').node.children).toEqual([]);
  });
});
