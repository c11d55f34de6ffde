import { type App, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { HttpApiAuth, RevealRelay, RevealRelayStack } from '../../lib/index.ts';
import { importedVpc } from '../support/imported-vpc.ts';

const env = { account: '111122223333', region: 'eu-west-1' };
const arn = (service: string, resource: string) => `arn:aws:${service}:${env.region}:${env.account}:${resource}`;

const keyId = '01234567-89ab-cdef-0123-456789abcdef';

/** The ways in which somebody may deploy the relay, each of which may be added to an app with the others. */
export const variants: Readonly<Record<string, (app: App) => void>> = {
  'the app': (app) => {
    new RevealRelayStack(app, 'RevealRelay');
  },
  'two stages of it': (app) => {
    for (const stage of ['Dev', 'Prod']) new RevealRelayStack(new Stage(app, stage, { env }), 'RevealRelay');
  },
  'two relays in one stack': (app) => {
    const stack = new Stack(app, 'TwoRelays', { env });
    for (const id of ['Sales', 'Support']) new RevealRelay(stack, id);
  },
  'two relays on a shared bus, one of them in another stack': (app) => {
    const stack = new Stack(app, 'SharedBus', { env });
    const eventBus = new EventBus(stack, 'Bus');
    new RevealRelay(stack, 'Sales', { eventBus, name: 'sales' });
    new RevealRelay(new Stack(app, 'Elsewhere', { env }), 'Support', { eventBus, name: 'support' });
  },
  'an imported table, bus and secret': (app) => {
    const stack = new Stack(app, 'Imported', { env });
    new RevealRelay(stack, 'Relay', {
      table: TableV2.fromTableArn(stack, 'Table', arn('dynamodb', 'table/Kept')),
      eventBus: EventBus.fromEventBusArn(stack, 'Bus', arn('events', 'event-bus/central')),
      apiKeySecret: Secret.fromSecretCompleteArn(stack, 'Secret', arn('secretsmanager', 'secret:Kept-a1b2c3')),
    });
  },
  'an imported table and secret that keys of their owner encrypt': (app) => {
    const stack = new Stack(app, 'OwnKeys', { env });
    const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
    new RevealRelay(stack, 'Relay', {
      table: TableV2.fromTableAttributes(stack, 'Table', { tableArn: arn('dynamodb', 'table/Own'), encryptionKey }),
      apiKeySecret: Secret.fromSecretAttributes(stack, 'Secret', {
        secretCompleteArn: arn('secretsmanager', 'secret:Own-a1b2c3'),
        encryptionKey,
      }),
    });
  },
  'JWT with CORS': (app) => {
    new RevealRelayStack(app, 'Jwt', {
      env,
      relay: {
        api: {
          auth: HttpApiAuth.jwt({ issuer: 'https://login.example.com/', audience: ['relay'] }),
          corsOrigins: ['https://crm.example.com'],
        },
      },
    });
  },
  'a key for all, in a VPC': (app) => {
    const stack = new Stack(app, 'OneKey', { env });
    const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
    new RevealRelay(stack, 'Relay', {
      encryptionKey,
      vpc: importedVpc(stack),
      webhooks: [{ url: 'https://crm.example.com/' }],
    });
  },
  'a key of another stack, and one that is imported': (app) => {
    const keys = new Stack(app, 'Keys', { env });
    const encryptionKey = new Key(keys, 'Key', { enableKeyRotation: true });
    const webhooks = [{ url: 'https://crm.example.com/' }];
    new RevealRelay(new Stack(app, 'KeyElsewhere', { env }), 'Relay', { encryptionKey, webhooks });
    const stack = new Stack(app, 'ImportedKey', { env });
    new RevealRelay(stack, 'Relay', { encryptionKey: Key.fromKeyArn(stack, 'Key', arn('kms', `key/${keyId}`)) });
  },
  'in a VPC, with traces': (app) => {
    const stack = new Stack(app, 'InVpc', { env });
    new RevealRelay(stack, 'Relay', {
      vpc: importedVpc(stack),
      tracingEnabled: true,
      webhooks: [{ url: 'https://crm.example.com/reveals' }],
    });
  },
  'logs, memory, traces, alarms and removal as somebody wants them': (app) => {
    const stack = new Stack(app, 'Told', { env });
    new RevealRelay(stack, 'Relay', {
      logRetention: RetentionDays.THREE_MONTHS,
      logLevel: ApplicationLogLevel.WARN,
      memorySize: 1_024,
      tracingEnabled: true,
      removalPolicy: RemovalPolicy.DESTROY,
      alarmTopic: Topic.fromTopicArn(stack, 'OnCall', arn('sns', 'on-call')),
    });
  },
  'receivers of webhooks, one of them with a secret of its own and in the own network': (app) => {
    const stack = new Stack(app, 'Webhooks', { env });
    const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
    new RevealRelay(stack, 'Relay', {
      webhooks: [
        { url: 'https://crm.example.com/reveals', include: 'result' },
        {
          name: 'lake',
          url: 'https://lake.internal.example.com/reveals',
          events: ['Contact Reveal Completed', 'Low Credits'],
          allowAddresses: ['10.1.0.0/16'],
          secret: Secret.fromSecretAttributes(stack, 'Secret', {
            secretCompleteArn: arn('secretsmanager', 'secret:Lake-a1b2c3'),
            encryptionKey,
          }),
        },
      ],
    });
  },
  'webhooks of a relay with a name on an imported bus': (app) => {
    const stack = new Stack(app, 'WebhooksOnBus', { env });
    new RevealRelay(stack, 'Relay', {
      name: 'sales',
      eventBus: EventBus.fromEventBusArn(stack, 'Bus', arn('events', 'event-bus/sales')),
      webhooks: [{ url: 'https://crm.example.com/reveals' }],
    });
  },
  'the default bus, reserved concurrency and a name': (app) => {
    const stack = new Stack(app, 'DefaultBus', { env });
    new RevealRelay(stack, 'Relay', {
      name: 'sales',
      eventBus: EventBus.fromEventBusName(stack, 'Bus', 'default'),
      reservedConcurrency: { poll: 20, request: 5 },
    });
  },
};
