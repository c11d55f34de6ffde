import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { HttpApiAuth, type ResourceNames, type RevealRelayProps } from '../../lib/index.ts';
import { importedVpc } from '../support/imported-vpc.ts';
import { type PropsIn, patiently, propsIn, relayWith, type SynthesisedResource } from '../support/synthesised.ts';

/**
 * Properties whose change makes CloudFormation replace the resource, of the types that a relay has. A type that is not here fails the test.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html "Update requires: Replacement"
 */
const createOnly: Record<string, readonly string[]> = {
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::ApiGatewayV2::Authorizer': ['ApiId'],
  'AWS::ApiGatewayV2::Integration': ['ApiId'],
  'AWS::ApiGatewayV2::Route': ['ApiId'],
  'AWS::ApiGatewayV2::Stage': ['ApiId', 'StageName'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::EC2::SecurityGroup': ['GroupName', 'GroupDescription', 'VpcId'],
  'AWS::Events::EventBus': ['Name'],
  'AWS::Events::Rule': ['Name', 'EventBusName'],
  'AWS::IAM::Policy': [],
  'AWS::IAM::Role': ['RoleName', 'Path'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName', 'Qualifier'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Lambda::Permission': ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::SQS::QueuePolicy': [],
  'AWS::Scheduler::Schedule': ['Name'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 'StateMachineType'],
};

/** What comes and goes with a setting, and holds nothing and is known to nobody. */
const comeAndGo = ['AWS::EC2::SecurityGroup', 'AWS::ApiGatewayV2::Authorizer', 'AWS::ApiGatewayV2::Route'];

/** What an update from one template to the other would replace, remove or add. */
function replacements(before: readonly SynthesisedResource[], after: readonly SynthesisedResource[]): string[] {
  const isNoticed = ({ Type }: SynthesisedResource) => !comeAndGo.includes(Type);
  const idsOf = (resources: readonly SynthesisedResource[]) =>
    new Set(resources.filter(isNoticed).map(({ logicalId }) => logicalId));
  const [were, are] = [idsOf(before), idsOf(after)];
  const changedIds = [...were].filter((id) => !are.has(id)).concat([...are].filter((id) => !were.has(id)));
  const changed = after.flatMap(({ logicalId, Type, Properties }) => {
    const fixed = createOnly[Type];
    if (!fixed) return [`${Type} is not in the table of this test`];
    const old = before.find((resource) => resource.logicalId === logicalId);
    if (!old) return [];
    if (old.Type !== Type) return [`${logicalId} was ${old.Type}`];
    return fixed
      .filter((property) => JSON.stringify(old.Properties[property]) !== JSON.stringify(Properties[property]))
      .map((property) => `${logicalId}.${property}`);
  });
  return [...changedIds, ...changed];
}

const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';
const topicArn = 'arn:aws:sns:eu-west-1:111122223333:on-call';

/** Every setting that an update may change, with what it is changed to. Those that choose another resource are not among them. */
const changes: {
  readonly [Prop in Exclude<
    keyof RevealRelayProps,
    'apiKeySecret' | 'eventBus' | 'table' | 'resourceNames' | 'webhooks'
  >]-?: readonly PropsIn[];
} = {
  name: [{ name: 'sales' }],
  fiberBaseUrl: [{ fiberBaseUrl: 'https://vendor.example.com' }],
  pollsPerMinute: [{ pollsPerMinute: 60 }],
  startsPerMinute: [{ startsPerMinute: 60 }],
  maxCreditsPerDay: [{ maxCreditsPerDay: 1_200 }],
  keyShare: [{ keyShare: 0.5 }],
  interactiveShare: [{ interactiveShare: 0.5 }],
  maxWait: [{ maxWait: Duration.minutes(20) }],
  retention: [{ retention: Duration.days(7) }],
  encryptionKey: [(stack) => ({ encryptionKey: Key.fromKeyArn(stack, 'Key', keyArn) })],
  vpc: [(stack) => ({ vpc: importedVpc(stack) })],
  vpcSubnets: [
    (stack) => ({
      vpc: importedVpc(stack),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS, onePerAz: true },
    }),
  ],
  securityGroups: [
    (stack) => ({
      vpc: importedVpc(stack),
      securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
    }),
  ],
  logRetention: [{ logRetention: RetentionDays.ONE_YEAR }],
  logLevel: [{ logLevel: ApplicationLogLevel.ERROR }],
  memorySize: [{ memorySize: 1_024 }],
  tracingEnabled: [{ tracingEnabled: true }],
  removalPolicy: [{ removalPolicy: RemovalPolicy.DESTROY }],
  alarmTopic: [(stack) => ({ alarmTopic: Topic.fromTopicArn(stack, 'Topic', topicArn) })],
  reservedConcurrency: [{ reservedConcurrency: { poll: 20, request: 5 } }],
  api: [
    { api: { corsOrigins: ['https://crm.example.com'] } },
    { api: { waiting: false } },
    { api: { throttle: { ratePerSecond: 10, burst: 20 } } },
    { api: { auth: HttpApiAuth.jwt({ issuer: 'https://login.example.com/', audience: ['relay'] }) } },
    { api: { auth: HttpApiAuth.dangerouslyOpenToTheInternet() } },
  ],
};

/** Everything that CloudFormation makes or updates before a resource, by logical id. */
function before(logicalId: string, resources: readonly SynthesisedResource[]): Set<string> {
  const found = new Set<string>();
  const ids = new Set(resources.map((resource) => resource.logicalId));
  const add = (of: string) => {
    const { Properties, DependsOn = [] } = resources.find((resource) => resource.logicalId === of) ?? {};
    const referred = [...JSON.stringify(Properties ?? {}).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g)];
    for (const id of [...referred.map(([, name = '']) => name), ...DependsOn]) {
      if (!ids.has(id) || found.has(id)) continue;
      found.add(id);
      add(id);
    }
  };
  add(logicalId);
  return found;
}

describe('an update of a deployed relay', patiently, () => {
  it.each(['HttpApi', 'RequestsRequest'])(
    'teaches the door %s last what may come in: all other functions, the workflow and what it may invoke know it by then',
    (name) => {
      const resources = relayWith();
      const idOf = (pattern: RegExp) =>
        resources.map(({ logicalId }) => logicalId).find((id) => pattern.test(id)) ?? '';
      const earlier = before(idOf(new RegExp(`^Relay${name}[0-9A-F]{8}$`)), resources);
      const others = ['Admit', 'StartTask', 'Poll', 'Settle', 'SafetyNetEnded', 'SafetyNetSweep'];
      const functions = others.map((other) => idOf(new RegExp(`^Relay${other}[0-9A-F]{8}$`)));
      const workflow = ['WorkflowStateMachine', 'WorkflowRoleDefaultPolicy', 'StartTaskRoleDefaultPolicy'];
      const around = workflow.map((other) => idOf(new RegExp(`^Relay${other}[0-9A-F]{8}$`)));
      expect([...functions, ...around]).not.toContain('');
      expect([...earlier]).toEqual(expect.arrayContaining([...functions, ...around]));
    },
  );

  it.each(Object.entries(changes).flatMap(([prop, values]) => values.map((value) => [prop, value] as const)))(
    'replaces nothing when %s changes: %o',
    (_prop, value) => {
      const [before, after] = [relayWith(), relayWith(value)];
      expect(JSON.stringify(after)).not.toBe(JSON.stringify(before));
      expect(replacements(before, after)).toEqual([]);
    },
  );

  it('replaces nothing when a receiver of webhooks moves, is told of more, or gets a neighbour', () => {
    const crm = { name: 'crm', url: 'https://crm.example.com/hook' };
    const before = relayWith({ webhooks: [crm] });
    const moved = { ...crm, url: 'https://other.example.com/', include: 'result', events: ['Low Credits'] } as const;
    expect(replacements(before, relayWith({ webhooks: [moved] }))).toEqual([]);
    const withOther = relayWith({ webhooks: [{ url: 'https://lake.example.com/' }, crm] });
    expect(replacements(before, withOther).filter((id) => !/lake/.test(id))).toEqual([]);
  });

  it('replaces nothing when all of them change', () => {
    const all = (stack: Stack) => {
      const each = Object.values(changes).flat();
      return Object.assign({}, ...each.map((change) => propsIn(stack, change))) as RevealRelayProps;
    };
    expect(replacements(relayWith(), relayWith(all))).toEqual([]);
  });

  it('replaces what is given another name, as CloudFormation cannot rename, what hangs on it by that name, and nothing else', () => {
    const replacedBy = (resourceNames: ResourceNames) =>
      replacements(relayWith(), relayWith({ resourceNames })).map((id) => id.replace(/^Relay|[0-9A-F]{8}(?=\.)/g, ''));
    expect(replacedBy({ table: 'reveals' })).toEqual(['Reveals.TableName']);
    expect(replacedBy({ apiKeySecret: 'fiber/key' })).toEqual(['ApiKey.Name']);
    expect(replacedBy({ deadLetters: 'dead-letters' })).toEqual(['DeadLetters.QueueName']);
    expect(replacedBy({ stateMachine: 'reveals' })).toEqual(['WorkflowStateMachine.StateMachineName']);
    expect(replacedBy({ eventBus: 'reveals' })).toEqual(['Bus.Name']);
  });

  it('would be seen to replace what has another name or id', () => {
    const before = relayWith();
    const other = before.map((resource) =>
      resource.Type === 'AWS::Events::EventBus' ? { ...resource, Properties: { Name: 'other' } } : resource,
    );
    expect(replacements(before, other)).toEqual([expect.stringMatching(/^RelayBus\w+\.Name$/)]);
    expect(replacements(before, before.slice(1))).toHaveLength(1);
  });
});
