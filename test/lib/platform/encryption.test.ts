import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { RevealRelay, type RevealRelayProps } from '../../../lib/index.ts';
import { patiently, relayWith, resourcesOf, type SynthesisedResource } from '../../support/synthesised.ts';

const env = { account: '111122223333', region: 'eu-west-1' };
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`;
const keyArn = arn('kms', 'key/01234567-89ab-cdef-0123-456789abcdef');
const imported = (stack: Stack) => ({ encryptionKey: Key.fromKeyArn(stack, 'Key', keyArn) });
const own = (stack: Stack) => ({ encryptionKey: new Key(stack, 'Key') });

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Principal: { readonly Service?: string; readonly AWS?: unknown };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
const ofType = (resources: readonly SynthesisedResource[], type: string) =>
  resources.filter(({ Type }) => Type === type);
const statementsOf = (document: unknown) => (document as { Statement: Statement[] }).Statement;

describe('encryptionKey', patiently, () => {
  it('encrypts both tables, the bus, the secret, the queue and every log group', () => {
    const resources = relayWith(imported);
    const properties = (type: string) => ofType(resources, type).map(({ Properties }) => Properties);
    for (const table of properties('AWS::DynamoDB::GlobalTable')) {
      expect(table).toMatchObject({
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        Replicas: [{ SSESpecification: { KMSMasterKeyId: keyArn } }],
      });
    }
    expect(properties('AWS::DynamoDB::GlobalTable')).toHaveLength(2);
    expect(properties('AWS::Events::EventBus')).toMatchObject([{ KmsKeyIdentifier: keyArn }]);
    expect(properties('AWS::SecretsManager::Secret')).toMatchObject([{ KmsKeyId: keyArn }]);
    expect(properties('AWS::SQS::Queue')).toMatchObject([{ KmsMasterKeyId: keyArn }]);
    const groups = properties('AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThan(1);
    for (const group of groups) expect(group.KmsKeyId).toBe(keyArn);
  });

  it('lets each role use it through the services whose data the role works with, and not by itself', () => {
    const table = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'];
    const send = ['kms:Decrypt', 'kms:GenerateDataKey'];
    const uses = Object.fromEntries(
      ofType(relayWith(imported), 'AWS::IAM::Policy').map(({ logicalId, Properties }) => {
        const onKey = statementsOf(Properties.PolicyDocument).filter(({ Action }) =>
          [Action].flat().join().includes('kms:'),
        );
        const through = onKey.map(({ Action, Resource, Condition }) => {
          expect(Resource).toBe(keyArn);
          return [String(Condition?.StringEquals?.['kms:ViaService']), [Action].flat()];
        });
        return [logicalId.replace(/^Relay|(Role)?DefaultPolicy.*$/g, ''), Object.fromEntries(through)];
      }),
    );
    const [dynamodb, secretsmanager, sqs] = ['dynamodb', 'secretsmanager', 'sqs'].map(
      (service) => `${service}.eu-west-1.amazonaws.com`,
    ) as [string, string, string];
    expect(uses).toEqual({
      Admit: { [dynamodb]: table },
      HttpApi: { [dynamodb]: table },
      Poll: { [dynamodb]: table, [secretsmanager]: ['kms:Decrypt'] },
      RequestsRequest: { [dynamodb]: table, [sqs]: send },
      SafetyNetEnded: { [dynamodb]: table, [sqs]: send },
      SafetyNetScheduler: { [sqs]: send },
      SafetyNetSweep: { [dynamodb]: table, [secretsmanager]: ['kms:Decrypt'] },
      Settle: { [dynamodb]: table },
      StartTask: { [dynamodb]: table, [secretsmanager]: ['kms:Decrypt'] },
      Workflow: {},
    });
  });

  it('lets the services use it in its own policy, each for what is in this account', () => {
    const [key] = ofType(relayWith(own), 'AWS::KMS::Key');
    const services = statementsOf(key?.Properties.KeyPolicy).filter(({ Principal }) => Principal.Service);
    const conditions = services.map(({ Principal, Condition }) => [Principal.Service, Condition]);
    expect(conditions).toEqual([
      [
        'logs.eu-west-1.amazonaws.com',
        {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': expect.objectContaining({ 'Fn::Join': expect.anything() }) },
        },
      ],
      ['events.amazonaws.com', { StringEquals: { 'aws:SourceAccount': env.account } }],
      [
        'events.amazonaws.com',
        {
          StringEquals: expect.objectContaining({
            'aws:SourceAccount': env.account,
            'kms:EncryptionContext:aws:events:event-bus:arn': expect.anything(),
          }),
        },
      ],
    ]);
    expect(JSON.stringify(conditions[0])).toContain(':logs:eu-west-1:111122223333:log-group:*');
    const roles = ofType(relayWith(own), 'AWS::IAM::Role').map(({ logicalId }) => `"${logicalId}"`);
    expect(roles.filter((role) => JSON.stringify(key?.Properties.KeyPolicy).includes(role))).toEqual([]);
  });

  it('has events that nobody can decrypt any more lie in the dead-letter queue, which the bus may reach', () => {
    const resources = relayWith(imported);
    const [bus] = ofType(resources, 'AWS::Events::EventBus');
    const [queue] = ofType(resources, 'AWS::SQS::Queue');
    expect(bus?.Properties.DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [queue?.logicalId, 'Arn'] } });
    const sources = ofType(resources, 'AWS::SQS::QueuePolicy').flatMap(({ Properties }) =>
      statementsOf(Properties.PolicyDocument).map(({ Condition }) => JSON.stringify(Condition?.ArnEquals)),
    );
    expect(sources.filter((source) => source?.includes(`:event-bus/${bus?.Properties.Name}`))).toHaveLength(1);
  });

  it('may be the key of another stack, and of several relays', () => {
    const app = new App();
    const keys = new Stack(app, 'Keys', { env });
    const encryptionKey = new Key(keys, 'Key');
    const stack = new Stack(app, 'App', { env });
    for (const id of ['Sales', 'Support']) new RevealRelay(stack, id, { encryptionKey });
    const [key] = ofType(resourcesOf(keys), 'AWS::KMS::Key');
    const logs = statementsOf(key?.Properties.KeyPolicy).filter(({ Principal }) =>
      Principal.Service?.startsWith('logs.'),
    );
    expect(logs).toHaveLength(1);
    expect(ofType(resourcesOf(stack), 'AWS::SQS::Queue')).toHaveLength(2);
  });

  it('is warned about where it is imported: nobody can change its policy from here', () => {
    const app = new App();
    const warnings = (id: string, props: (stack: Stack) => RevealRelayProps) => {
      const stack = new Stack(app, id, { env });
      new RevealRelay(stack, 'Relay', props(stack));
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('encryptionKey is imported'));
    };
    expect(warnings('Imported', imported)).toHaveLength(1);
    expect(warnings('Own', own)).toEqual([]);
  });

  it('is not asked for: without one, AWS keeps the keys', () => {
    expect(JSON.stringify(relayWith())).not.toContain('kms');
  });
});

describe('encryptionKey that cannot be', patiently, () => {
  const far = 'arn:aws:kms:us-east-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';
  it.each<[string, (stack: Stack) => RevealRelayProps]>([
    [
      'encryptionKey is in the region us-east-1, and App/Relay in eu-west-1',
      (stack) => ({ encryptionKey: Key.fromKeyArn(stack, 'Far', far) }),
    ],
    ['encryptionKey is an alias', (stack) => ({ encryptionKey: Alias.fromAliasName(stack, 'Alias', 'alias/relay') })],
    [
      'encryptionKey is given with a table of which no key is known',
      (stack) => ({ ...imported(stack), table: TableV2.fromTableName(stack, 'Table', 'Kept') }),
    ],
    [
      'encryptionKey is given with an apiKeySecret of which no key is known',
      (stack) => ({ ...imported(stack), apiKeySecret: Secret.fromSecretNameV2(stack, 'Secret', 'kept') }),
    ],
  ])('is refused before anything is made: %s', (message, props) => {
    const stack = new Stack(new App(), 'App', { env });
    expect(() => new RevealRelay(stack, 'Relay', props(stack))).toThrow(message);
    expect(stack.node.findChild('Relay').node.children).toEqual([]);
  });

  it('is refused in a stack that does not know its region', () => {
    const stack = new Stack(new App(), 'App');
    expect(() => new RevealRelay(stack, 'Relay', imported(stack))).toThrow(
      /region is not known.*give the stack an env/,
    );
  });
});

describe('what somebody brings', patiently, () => {
  it('keeps its own key, which the handlers may use though its policy cannot be changed', () => {
    const other = arn('kms', 'key/fedcba98-7654-3210-fedc-ba9876543210');
    const policies = relayWith((stack) => {
      const encryptionKey = Key.fromKeyArn(stack, 'Other', other);
      return {
        ...imported(stack),
        table: TableV2.fromTableAttributes(stack, 'Table', { tableArn: arn('dynamodb', 'table/Kept'), encryptionKey }),
        apiKeySecret: Secret.fromSecretAttributes(stack, 'Secret', {
          secretCompleteArn: arn('secretsmanager', 'secret:Kept-a1b2c3'),
          encryptionKey,
        }),
        eventBus: EventBus.fromEventBusArn(stack, 'Bus', arn('events', 'event-bus/central')),
      };
    }).filter(({ Type, logicalId }) => Type === 'AWS::IAM::Policy' && /Poll/.test(logicalId));
    const statements = policies.flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument));
    const through = statements
      .filter(({ Resource }) => Resource === other)
      .map(({ Condition }) => Condition?.StringEquals?.['kms:ViaService']);
    expect(through.sort()).toEqual(['dynamodb.eu-west-1.amazonaws.com', 'secretsmanager.eu-west-1.amazonaws.com']);
  });
});
