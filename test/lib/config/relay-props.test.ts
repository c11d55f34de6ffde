import { Duration, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { relayProps } from '../../../lib/config/relay-props.ts';
import type { RelayValues } from '../../../lib/config/setting-values.ts';
import { relaySettingsGiven } from '../../../lib/config/settings.ts';
import type { RevealRelayProps } from '../../../lib/index.ts';
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
  [{ corsOrigins: ['https://a.example.com'] }, { api: { corsOrigins: ['https://a.example.com'] } }],
  [{ apiRequestsPerSecond: 50 }, { api: { throttle: { ratePerSecond: 50, burst: 1_000 } } }],
  [{ apiBurst: 50 }, { api: { throttle: { ratePerSecond: 200, burst: 50 } } }],
];

const resources: [keyof RelayValues & ('table' | 'eventBus' | 'apiKeySecret'), string, string][] = [
  ['table', 'Kept', 'Kept'],
  ['table', arn('dynamodb', 'table/Kept'), 'Kept'],
  ['eventBus', 'central', 'central'],
  ['eventBus', arn('events', 'event-bus/central'), 'central'],
  ['apiKeySecret', 'fiber/key', 'fiber/key'],
  ['apiKeySecret', arn('secretsmanager', 'secret:fiber/key-a1b2c3'), 'fiber/key'],
];

describe('the props', () => {
  it.each(plain)('of %j', (values, expected) => {
    expect(props(values)).toEqual(expected);
  });

  it.each(resources)('of %s: %s have what is there already', (setting, given, name) => {
    const found = props({ [setting]: given });
    expect([found.table?.tableName, found.eventBus?.eventBusName, found.apiKeySecret?.secretName]).toContain(name);
  });

  it('of a JWT issuer and its audience let in the bearers of its tokens', () => {
    const { api } = props({ jwtIssuer: 'https://login.example.com/', jwtAudience: ['relay'] });
    expect(api?.auth?.authorizer.constructor.name).toBe('HttpJwtAuthorizer');
  });

  it('are tried here for every setting', () => {
    const tried = [...plain.flatMap(([values]) => Object.keys(values)), ...resources.map(([name]) => name)];
    expect([...new Set([...tried, 'jwtIssuer', 'jwtAudience'])].sort()).toEqual(Object.keys(relaySettingsGiven).sort());
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
      const built = () => [relaySettings(props({ [name]: value })), reservedConcurrency(props({ [name]: value }))];
      expect(kind.schema.safeParse(value).success, `${value}`).toBe(isFine);
      if (isFine) expect(built).not.toThrow();
      else expect(built).toThrow();
    }
  });
});
