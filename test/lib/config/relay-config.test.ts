import { describe, expect, it } from 'vitest';
import { parseConfigFile } from '../../../lib/config/config-file.ts';
import { contextSettings } from '../../../lib/config/context-settings.ts';
import { relayConfig } from '../../../lib/config/relay-config.ts';

const config = (context: Record<string, unknown>, file?: unknown) =>
  relayConfig(
    contextSettings(context),
    file === undefined ? undefined : parseConfigFile(JSON.stringify(file), 'relay.config.json'),
  );

describe('what was given', () => {
  it('goes by -c before the stage, the stage before the file, and the file before the defaults', () => {
    const file = {
      pollsPerMinute: 60,
      startsPerMinute: 60,
      keyShare: 0.6,
      stages: { dev: { startsPerMinute: 40, keyShare: 0.4 }, prod: { keyShare: 0.9 } },
    };
    expect(config({ stage: 'dev', keyShare: '0.2' }, file).relay).toEqual({
      pollsPerMinute: 60,
      startsPerMinute: 40,
      keyShare: 0.2,
    });
    expect(config({}, file).relay).toEqual({ pollsPerMinute: 60, startsPerMinute: 60, keyShare: 0.6 });
  });

  it('is taken back by null in a stage', () => {
    const file = { maxCreditsPerDay: 100, stages: { prod: { maxCreditsPerDay: null } } };
    expect(config({ stage: 'prod' }, file).relay).toEqual({});
  });

  it('is refused where one setting needs another', () => {
    expect(() => config({ jwtIssuer: 'https://login.example.com/' })).toThrow(
      'jwtIssuer, as given with -c jwtIssuer, needs jwtAudience beside it.',
    );
    const file = {
      jwtAudience: ['relay'],
      jwtIssuer: 'https://login.example.com/',
      stages: { dev: { jwtIssuer: null } },
    };
    expect(() => config({ stage: 'dev' }, file)).toThrow('jwtAudience, as given in relay.config.json, needs jwtIssuer');
  });
});

describe("the stack's name", () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    ['RevealRelay', {}, undefined],
    ['RevealRelay', {}, { stages: { dev: {} } }],
    ['RevealRelay-dev', { stage: 'dev' }, undefined],
    ['Contacts', {}, { stackName: 'Contacts' }],
    ['Contacts-dev', { stage: 'dev' }, { stackName: 'Contacts' }],
    ['Trial', { stage: 'dev' }, { stackName: 'Contacts', stages: { dev: { stackName: 'Trial' } } }],
    ['RevealRelay-dev', { stage: 'dev' }, { stackName: 'Contacts', stages: { dev: { stackName: null } } }],
    ['Mine', { stage: 'dev', stackName: 'Mine' }, { stackName: 'Contacts' }],
  ])('is %s with %j and the file %j', (stackName, context, file) => {
    expect(config(context, file).stackName).toBe(stackName);
  });
});
