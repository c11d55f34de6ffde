import { Stack, Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { eventTypes, webhookAttempts, webhookEventTypes, webhookWaits } from '../../../lambdas/contract.ts';
import { RevealRelay, type RevealRelayProps, type WebhookOptions } from '../../../lib/index.ts';
import { checkedWebhooks } from '../../../lib/webhook-receivers.ts';
import { type LocalResource, LocalStack } from '../../../local/template/template.ts';
import { type AlarmProperties, metricsOf } from '../../support/cloud-watch.ts';
import { patiently, plain, relayWith, type SynthesisedResource } from '../../support/synthesised.ts';
import { assemblyWith } from '../../support/webhook-assembly.ts';

const url = 'https://crm.example.com/reveals';
const told: RevealRelayProps = {
  webhooks: [
    { url, include: 'result' },
    { name: 'lake', url: 'https://lake.example.com/', events: ['Low Credits'] },
  ],
};
const named: RevealRelayProps = { ...told, name: 'sales' };
const ofType = (type: string, id: RegExp, resources: readonly SynthesisedResource[] = relayWith(told)) =>
  resources.filter(({ Type, logicalId }) => Type === type && id.test(logicalId));

describe('a receiver of webhooks', () => {
  it.each<[string, WebhookOptions]>([
    ['is no https address', { url: 'http://crm.example.com/' }],
    ['is no https address', { url: 'http://127.0.0.1:9000/' }],
    ['is no https address', { url: 'https://user:password@crm.example.com/' }],
    ['The name of a webhook is ""', { url: 'crm.example.com' }],
    ['The name of a webhook is "a b"', { url, name: 'a b' }],
    ['The url of a webhook is a token', { url: Token.asString({ Ref: 'Url' }) }],
    ['of 737 characters: give shorter ones', { url: url + '/'.repeat(679) }],
    [
      'is to be told of "Contact Reveal Requested": give some of',
      { url, events: ['Contact Reveal Requested' as never] },
    ],
    ['is to be told of ""', { url, events: [] }],
    ['includes "everything": give', { url, include: 'everything' as never }],
    ['allows "10.0.0.0/99": give addresses', { url, allowAddresses: ['10.0.0.0/99'] }],
    ['allows "localhost": give addresses', { url, allowAddresses: ['localhost'] }],
  ])('that cannot be is refused: %s', (message, webhook) => {
    expect(() => checkedWebhooks([webhook])).toThrow(message);
  });

  it('is refused before anything is made', () => {
    const stack = new Stack();
    expect(() => new RevealRelay(stack, 'Relay', { webhooks: [{ url: 'crm' }] })).toThrow('The name of a webhook');
    expect(stack.node.findChild('Relay').node.children).toEqual([]);
  });

  it('has a name of its own, which is its host unless it is said, and four others at the most', () => {
    expect(checkedWebhooks([{ url }, { url, name: 'other' }]).map(({ name }) => name)).toEqual([
      'crm.example.com',
      'other',
    ]);
    expect(() => checkedWebhooks([{ url }, { url }])).toThrow('two receivers called crm.example.com');
    const six = Array.from({ length: 6 }, (_, at) => ({ url, name: `receiver-${at}` }));
    expect(() => checkedWebhooks(six)).toThrow('webhooks has 6 receivers: give at most 5');
  });

  it('may be on this machine, if that is said, and in the own network', () => {
    const allowAddresses = ['127.0.0.1', '10.1.0.0/16', 'fd00::/8'];
    expect(checkedWebhooks([{ url: 'http://127.0.0.1:9000/', allowAddresses }])).toMatchObject([{ allowAddresses }]);
  });
});

describe('webhooks', patiently, () => {
  it('are not there where nobody is to be told', () => {
    expect(ofType('AWS::Lambda::EventSourceMapping', /./, relayWith(plain))).toEqual([]);
    expect(ofType('AWS::Lambda::Function', /Deliver/, relayWith(plain))).toEqual([]);
  });

  it('have a rule and a queue for each receiver, from which a message goes to dead letters of its own after all attempts', () => {
    const queues = ofType('AWS::SQS::Queue', /Webhooks/);
    expect(queues).toHaveLength(4);
    const withDeadLetters = queues.filter(({ Properties }) => Properties.RedrivePolicy);
    expect(withDeadLetters.map(({ Properties }) => Properties)).toEqual(
      Array(2).fill(
        expect.objectContaining({
          MessageRetentionPeriod: 14 * 86_400,
          VisibilityTimeout: 270,
          RedrivePolicy: expect.objectContaining({ maxReceiveCount: webhookAttempts }),
        }),
      ),
    );
    const targets = withDeadLetters.map(({ Properties }) => JSON.stringify(Properties.RedrivePolicy));
    expect(new Set(targets).size).toBe(2);
    const patterns = ofType('AWS::Events::Rule', /Webhooks/).map(({ Properties }) => Properties.EventPattern);
    expect(patterns).toEqual([
      { source: ['reveal-relay'], 'detail-type': ['Contact Reveal Completed', 'Contact Reveal Failed'] },
      { source: ['reveal-relay'], 'detail-type': ['Low Credits'] },
    ]);
  });

  it('of a relay with a name tell what that relay says, and no other on the bus', () => {
    const patterns = ofType('AWS::Events::Rule', /Webhooks/, relayWith(named)).map(
      ({ Properties }) => Properties.EventPattern,
    );
    expect(patterns).toEqual(Array(2).fill(expect.objectContaining({ detail: { relay: ['sales'] } })));
  });

  it('leave out of a batch what has arrived, and never hold up more than two handlers for one receiver', () => {
    expect(ofType('AWS::Lambda::EventSourceMapping', /./).map(({ Properties }) => Properties)).toEqual(
      Array(2).fill(
        expect.objectContaining({
          BatchSize: 10,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 2 },
        }),
      ),
    );
  });

  it('are signed by a secret that is made at the deployment: base64 of 36 bytes', () => {
    const secrets = ofType('AWS::SecretsManager::Secret', /Webhooks/);
    expect(secrets.map(({ Properties }) => Properties.GenerateSecretString)).toEqual(
      Array(2).fill({ PasswordLength: 48, ExcludePunctuation: true }),
    );
  });

  it('are delivered by a function that may do only that', () => {
    const [policy] = ofType('AWS::IAM::Policy', /WebhooksDeliver/);
    const { Statement } = (policy as SynthesisedResource).Properties.PolicyDocument as {
      Statement: { Action: string | string[]; Resource: unknown }[];
    };
    const actions = Statement.flatMap(({ Action }) => Action).filter((action) => !action.startsWith('logs:'));
    expect([...new Set(actions)].sort()).toEqual([
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
    expect(JSON.stringify(Statement)).not.toContain('"*"');
    expect(JSON.stringify(Statement)).not.toContain('RelayApiKey');
  });

  it('have an alarm for what lies with the dead letters of any, and for what a rule could not even lay there', () => {
    const alarmOf = (props: RevealRelayProps) =>
      ofType('AWS::CloudWatch::Alarm', /WebhooksUndelivered/, relayWith(props)).map(
        ({ Properties }) => Properties as unknown as AlarmProperties,
      );
    const most = Array.from({ length: 5 }, (_, at) => ({ url, name: `receiver-${at}` }));
    for (const webhooks of [told.webhooks ?? [], most]) {
      const [alarm] = alarmOf({ webhooks });
      const metrics = alarm ? metricsOf(alarm).map(({ metric }) => metric) : [];
      expect(metrics.toSorted()).toEqual([
        ...webhooks.map(() => 'ApproximateNumberOfMessagesVisible Maximum'),
        ...webhooks.map(() => 'InvocationsFailedToBeSentToDlq Sum'),
      ]);
      // As CloudWatch has it.
      expect(metrics.length).toBeLessThanOrEqual(10);
    }
  });

  it('fit into the settings of a function where there are as many as there may be, with all that may be said of them', async () => {
    const most = Array.from({ length: 5 }, (_, at) => ({
      name: `a-receiver-of-webhooks-with-a-name-of-${at}`,
      url: `https://receiver-${at}.example.com/${'x'.repeat(40)}`,
      allowAddresses: ['10.1.0.0/16'],
    }));
    const { stackName, template } = await assemblyWith(most);
    const handler = new LocalStack(stackName, template)
      .ofType('AWS::Lambda::Function')
      .find(({ path }) => path.endsWith('/Deliver'));
    const { Variables } = (handler as LocalResource).properties().Environment as { Variables: Record<string, string> };
    // AWS adds twelve characters to each of three names for a receiver.
    expect(JSON.stringify(Variables).length + 5 * 3 * 12).toBeLessThan(4_096);
  });

  it('go on for more than a day, with waits that grow and that SQS can keep', () => {
    const waits: readonly number[] = webhookWaits;
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(86_400);
    expect(waits).toEqual(waits.toSorted((one, other) => one - other));
    expect(Math.max(...waits) * 1.1).toBeLessThan(43_200);
    expect(webhookAttempts).toBe(waits.length + 1);
  });

  it('may tell of all that the relay says, and of no request', () => {
    const { requested: _, ...said } = eventTypes;
    expect([...webhookEventTypes].sort()).toEqual(Object.values(said).sort());
  });
});
