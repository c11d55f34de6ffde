import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { contextSettings } from '../../../lib/config/context-settings.ts';

describe('settings given with -c', () => {
  it('are texts, and mean what they would in a file', () => {
    const { settings } = contextSettings({
      retentionDays: '90',
      keyShare: '0.5',
      relayName: '7',
      corsOrigins: 'https://a.example.com, https://b.example.com',
    });
    expect(Object.values(settings).map(({ value }) => value)).toEqual([
      90,
      0.5,
      '7',
      ['https://a.example.com', 'https://b.example.com'],
    ]);
  });

  it('may stand in cdk.json too, as numbers and lists', () => {
    const { settings } = contextSettings({ retentionDays: 90, jwtAudience: ['relay'] });
    expect(settings).toMatchObject({ retentionDays: { value: 90 }, jwtAudience: { value: ['relay'] } });
  });

  it.each<[string, Record<string, unknown>]>([
    ['retentionDays is "many", as given with -c retentionDays: give a whole number', { retentionDays: 'many' }],
    ['retentionDays is "", as given', { retentionDays: '' }],
    ['retentionDays is "0x10", as given', { retentionDays: '0x10' }],
    ['corsOrigins is ["https://a.example.com",""], as given', { corsOrigins: 'https://a.example.com,' }],
    ['corsOrigins is ["*"], as given', { corsOrigins: '*' }],
    [
      'pollsperminute, as given with -c pollsperminute, is no setting: did you mean pollsPerMinute?',
      { pollsperminute: 1 },
    ],
    ['retention, as given with -c retention, is no setting: did you mean retentionDays?', { retention: '9' }],
    ['stages, as given with -c stages, is no setting: did you mean stage?', { stages: 'dev' }],
    ['stage is "", as given with -c stage: give 1 to 32', { stage: '' }],
    ['stage is "a b", as given', { stage: 'a b' }],
    ['configFile, as given with -c configFile, is no path', { configFile: '' }],
  ])('are refused: %s', (message, context) => {
    expect(() => contextSettings(context)).toThrow(message);
  });

  it("leave CDK's own context alone, and look-ups that it keeps there", () => {
    const context = {
      '@aws-cdk/core:checkSecretUsage': true,
      'aws:cdk:enable-path-metadata': true,
      'availability-zones:account=111122223333:region=eu-west-1': ['eu-west-1a'],
      'cli-telemetry': false,
    };
    expect(contextSettings({ ...new App().node.getAllContext(), ...context })).toEqual({
      stage: undefined,
      configFile: undefined,
      settings: {},
      unread: [],
    });
  });

  it('do not refuse what may be for another app of the same user, and say that it does nothing', () => {
    expect(contextSettings({ hostedZone: 'example.com' }).unread).toEqual(['hostedZone']);
  });
});
