import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { RevealRelay, RevealRelayStack } from '../../lib/index.ts';
import { patiently, resourcesOf } from '../support/synthesised.ts';

const env = { account: '111122223333', region: 'eu-west-1' };

/** What CloudFormation takes as the name of a resource, where it is one that only one of an account and region may have. */
const nameProperties: Record<string, readonly string[]> = {
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::DynamoDB::GlobalTable': ['TableName'],
  'AWS::Events::EventBus': ['Name'],
  'AWS::Events::Rule': ['EventBusName', 'Name'],
  'AWS::IAM::Role': ['RoleName'],
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::Scheduler::Schedule': ['GroupName', 'Name'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SQS::Queue': ['QueueName'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName'],
};
/** Properties that look like names and are none of an account: of a part of something, or of another resource. */
const otherProperties: Record<string, readonly string[]> = {
  'AWS::ApiGatewayV2::Api': ['Name'],
  'AWS::ApiGatewayV2::Stage': ['StageName'],
  'AWS::CloudWatch::Alarm': ['MetricName'],
  'AWS::IAM::Policy': ['PolicyName'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName'],
  'AWS::Lambda::Permission': ['FunctionName'],
};

/** The names that the template gives, as type and name. What it leaves to CloudFormation cannot collide. */
function namesIn(stack: Stack): string[] {
  return resourcesOf(stack).flatMap(({ Type, Properties }) => {
    const [own] = (nameProperties[Type] ?? []).slice(-1);
    if (own === undefined || Properties[own] === undefined) return [];
    return [`${Type} ${JSON.stringify((nameProperties[Type] ?? []).map((property) => Properties[property]))}`];
  });
}

const duplicates = (stacks: readonly Stack[]) => {
  const names = stacks.flatMap(namesIn);
  expect(names.length).toBeGreaterThanOrEqual(2 * stacks.length);
  return names.filter((name, at) => names.indexOf(name) !== at);
};

describe('physical names', patiently, () => {
  it('are known to this test, whatever the template names', () => {
    for (const { Type, Properties } of resourcesOf(new RevealRelayStack(new App(), 'RevealRelay'))) {
      const named = Object.keys(Properties).filter((property) => /^(\w+Name|Name)$/.test(property));
      const known = [...(nameProperties[Type] ?? []), ...(otherProperties[Type] ?? [])];
      expect([Type, named.filter((property) => !known.includes(property))]).toEqual([Type, []]);
    }
  });

  it('differ between two stacks of one app', () => {
    const app = new App();
    expect(duplicates([new RevealRelayStack(app, 'One', { env }), new RevealRelayStack(app, 'Two', { env })])).toEqual(
      [],
    );
  });

  it('differ between two relays in one stack', () => {
    const stack = new Stack(new App(), 'Both', { env });
    new RevealRelay(stack, 'Sales');
    new RevealRelay(stack, 'Support');
    expect(duplicates([stack])).toEqual([]);
  });

  it('differ between two deployments of one app under two stack names, and between two stages of it', () => {
    const named = (stackName: string) => new RevealRelayStack(new App(), 'RevealRelay', { env, stackName });
    expect(duplicates([named('RevealRelay-dev'), named('RevealRelay-prod')])).toEqual([]);
    const app = new App();
    const staged = (stage: string) => new RevealRelayStack(new Stage(app, stage, { env }), 'RevealRelay');
    expect(duplicates([staged('Dev'), staged('Prod')])).toEqual([]);
  });

  it('differ between relays in nested stacks of the same shape, and where ids differ only in a mark', () => {
    const nested = (stackName: string) => {
      const stack = new NestedStack(new Stack(new App(), 'App', { env, stackName }), 'Nested');
      new RevealRelay(stack, 'Relay');
      return stack;
    };
    expect(duplicates([nested('dev'), nested('prod')])).toEqual([]);
    const stack = new Stack(new App(), 'Marks', { env });
    new RevealRelay(stack, 'a.b');
    new RevealRelay(stack, 'ab');
    expect(duplicates([stack])).toEqual([]);
  });

  it('stay within what AWS takes, however long the ids are', () => {
    const stack = new Stack(new App(), 'S'.repeat(128), { env });
    new RevealRelay(stack, 'R'.repeat(200));
    const bus = resourcesOf(stack).find(({ Type }) => Type === 'AWS::Events::EventBus');
    expect(String(bus?.Properties.Name)).toMatch(/^[\w.-]{1,256}$/);
  });
});

describe('the access log', patiently, () => {
  it('lies where API Gateway needs no entry of its own in the account-wide resource policy of the logs', () => {
    const groups = resourcesOf(new RevealRelayStack(new App(), 'RevealRelay'));
    const access = groups.filter(
      ({ logicalId, Type }) => Type === 'AWS::Logs::LogGroup' && /AccessLog/.test(logicalId),
    );
    expect(access.map(({ Properties }) => Properties.LogGroupName)).toEqual([
      expect.stringMatching(/^\/aws\/vendedlogs\/apis\/RevealRelay-Relay-Http-AccessLog-[0-9a-f]{8}$/),
    ]);
  });
});
