import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { relayProps } from '../../../lib/config/relay-props.ts';
import type { RelayValues } from '../../../lib/config/setting-values.ts';
import { relaySettingsGiven } from '../../../lib/config/settings.ts';
import type { RevealRelayProps } from '../../../lib/index.ts';
import { relayPlatform } from '../../../lib/platform/relay-platform.ts';
import { relaySettings, reservedConcurrency } from '../../../lib/relay-settings.ts';

const env = { account: '111122223333', region: 'eu-west-1' };
const arn = (service: string, resource: string) => `arn:aws:${service}:${env.region}:${env.account}:${resource}`;
const props = (values: RelayValues) => relayProps(values, new Stack(undefined, 'Stack', { env }));

const plain: [RelayValues, RevealRelayProps][] = [
  [{ pollsPerMinute: 60 }, { pollsPerMinute: 60 }],
  [{ startsPerMinute: 60 }, { startsPerMinute: 60 }],
  [{ maxCreditsPerDay: 60 }, { maxCreditsPerDay: 60 }],
  [{ keyShare: 0.5 }, { keyShare: 0.5 }],
  [{ interactiveShare: 0.5 }, { interactiveShare: 0.5 }],
  [{ maxWaitMinutes: 20 }, { maxWait: Duration.minutes(20) }],
  [{ retentionDays: 90 }, { retention: Duration.days(90) }],
  [{ fiberBaseUrl: 'https://vendor.example.com' }, { fiberBaseUrl: 'https://vendor.example.com' }],
  [{ relayName: 'sales' }, { name: 'sales' }],
  [{ reservedPollConcurrency: 20, reservedRequestConcurrency: 5 }, { reservedConcurrency: { poll: 20, request: 5 } }],
  [{ logRetentionDays: 30 }, { logRetention: RetentionDays.ONE_MONTH }],
  [{ logLevel: ApplicationLogLevel.DEBUG }, { logLevel: ApplicationLogLevel.DEBUG }],
  [{ memoryMb: 512 }, { memorySize: 512 }],
  [{ apiWaiting: false }, { api: { waiting: false } }],
  [{ tracingEnabled: true }, { tracingEnabled: true }],
  [{ removalPolicy: RemovalPolicy.DESTROY }, { removalPolicy: RemovalPolicy.DESTROY }],
  [{ corsOrigins: ['https://a.example.com'] }, { api: { corsOrigins: ['https://a.example.com'] } }],
  [{ apiRequestsPerSecond: 50 }, { api: { throttle: { ratePerSecond: 50, burst: 1_000 } } }],
  [
    { webhooks: [{ url: 'https://crm.example.com/', include: 'result' }] },
    { webhooks: [{ url: 'https://crm.example.com/', include: 'result' }] },
  ],
  [{ apiBurst: 50 }, { api: { throttle: { ratePerSecond: 200, burst: 50 } } }],
];

/** Tried in a test of their own. */
const together = ['jwtIssuer', 'jwtAudience', 'vpcId', 'subnetIds', 'securityGroupIds'];

const resources: [
  keyof RelayValues & ('table' | 'eventBus' | 'apiKeySecret' | 'alarmTopic' | 'encryptionKey'),
  string,
  string,
][] = [
  ['table', 'Kept', 'Kept'],
  ['table', arn('dynamodb', 'table/Kept'), 'Kept'],
  ['eventBus', 'central', 'central'],
  ['eventBus', arn('events', 'event-bus/central'), 'central'],
  ['alarmTopic', arn('sns', 'pager'), 'pager'],
  ['encryptionKey', arn('kms', 'key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f'), '0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f'],
  ['apiKeySecret', 'fiber/key', 'fiber/key'],
  ['apiKeySecret', arn('secretsmanager', 'secret:fiber/key-a1b2c3'), 'fiber/key'],
];

describe('the props', () => {
  it.each(plain)('of %j', (values, expected) => {
    expect(props(values)).toEqual(expected);
  });

  it.each(resources)('of %s: %s have what is there already', (setting, given, name) => {
    const found = props({ [setting]: given });
    const { table, eventBus, apiKeySecret, alarmTopic, encryptionKey } = found;
    const names = [table?.tableName, eventBus?.eventBusName, apiKeySecret?.secretName, alarmTopic?.topicName];
    expect([...names, encryptionKey?.keyId]).toContain(name);
  });

  it('of a JWT issuer and its audience let in the bearers of its tokens', () => {
    const { api } = props({ jwtIssuer: 'https://login.example.com/', jwtAudience: ['relay'] });
    expect(api?.auth?.authorizer.constructor.name).toBe('HttpJwtAuthorizer');
  });

  it('of a VPC, subnets and security groups have them by their ids', () => {
    const found = props({ vpcId: 'vpc-0a', subnetIds: ['subnet-0a', 'subnet-0b'], securityGroupIds: ['sg-0a'] });
    // Before its first look-up, CDK puts a VPC of its own in the place of any.
    expect(found.vpc?.vpcId).toBe('vpc-12345');
    expect(found.vpcSubnets?.subnets?.map(({ subnetId }) => subnetId)).toEqual(['subnet-0a', 'subnet-0b']);
    expect(found.securityGroups?.map(({ securityGroupId }) => securityGroupId)).toEqual(['sg-0a']);
  });

  it('are tried here for every setting', () => {
    const tried = [...plain.flatMap(([values]) => Object.keys(values)), ...resources.map(([name]) => name)];
    expect([...new Set([...tried, ...together])].sort()).toEqual(Object.keys(relaySettingsGiven).sort());
  });

  it.each(
    Object.keys(plain[0]?.[0] ?? {}).concat(
      'startsPerMinute',
      'keyShare',
      'interactiveShare',
      'maxWaitMinutes',
      'retentionDays',
      'maxCreditsPerDay',
      'reservedPollConcurrency',
      'memoryMb',
    ),
  )('may be no more of %s than a file may say, and no less', (name) => {
    const { kind } = relaySettingsGiven[name as 'retentionDays'];
    const [least = 0, most = 0] = [...kind.says.matchAll(/[\d.]+/g)].map(([number]) => Number(number));
    for (const [value, isFine] of [
      [least, true],
      [most, true],
      [least - 1, false],
      [most + 1, false],
    ] as const) {
      const given = props({ [name]: value });
      const built = () => [relaySettings(given), reservedConcurrency(given), relayPlatform(new Stack(), given)];
      expect(kind.schema.safeParse(value).success, `${value}`).toBe(isFine);
      if (isFine) expect(built).not.toThrow();
      else expect(built).toThrow();
    }
  });
});
