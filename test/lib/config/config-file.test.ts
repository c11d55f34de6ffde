import { describe, expect, it } from 'vitest';
import { parseConfigFile, settingsOfStage } from '../../../lib/config/config-file.ts';

const parsed = (content: unknown) => parseConfigFile(JSON.stringify(content), 'relay.config.json');

describe('a file of settings', () => {
  it.each<[string, unknown]>([
    ['relay.config.json holds no object', [1]],
    ['pollPerMinute, as given in relay.config.json, is no setting: did you mean pollsPerMinute?', { pollPerMinute: 9 }],
    ['retention, as given in relay.config.json, is no setting: did you mean retentionDays?', { retention: 9 }],
    ['name, as given in relay.config.json, is no setting: did you mean relayName?', { name: 'sales' }],
    ['stage, as given in relay.config.json, is no setting: did you mean stages?', { stage: {} }],
    ['colour, as given in relay.config.json, is no setting: docs/settings.md lists them.', { colour: 'red' }],
    [
      'keyshare, as given in relay.config.json under stages.dev, is no setting: did you mean keyShare?',
      { stages: { dev: { keyshare: 1 } } },
    ],
    ['retentionDays is "90", as given in relay.config.json: give a whole number of days', { retentionDays: '90' }],
    [
      'retentionDays is 0, as given in relay.config.json under stages.dev: give a whole number of days from 1 to 3650.',
      { stages: { dev: { retentionDays: 0 } } },
    ],
    ['account is 111122223333, as given in relay.config.json: give the twelve digits', { account: 111122223333 }],
    ['stages, as given in relay.config.json, is no object', { stages: ['dev'] }],
    ['The stage dev, as given in relay.config.json, is no object', { stages: { dev: 7 } }],
    ['The stage "a b", as given in relay.config.json, cannot be called that', { stages: { 'a b': {} } }],
    ['is no setting', JSON.parse('{ "__proto__": { "keyShare": 1 } }')],
  ])('is refused: %s', (message, content) => {
    expect(() => parsed(content)).toThrow(message);
  });

  it('that is no JSON is refused with the place', () => {
    expect(() => parseConfigFile('{ "keyShare": 1, }', 'relay.config.json')).toThrow(
      /^relay\.config\.json is no JSON: .*position 17/,
    );
  });

  it('is told all that is wrong with it at once, whichever stage is meant', () => {
    const content = { keyshare: 1, stages: { dev: { retentionDays: 0 }, prod: { maxWaitMinutes: 1.5 } } };
    expect(() => parsed(content)).toThrow(/keyshare.*\nretentionDays.*\nmaxWaitMinutes is 1.5/);
  });

  it('is not repeated where a key may stand in it by mistake', () => {
    const slips = { fiberBaseUrl: 'https://sk_live_1@api.fiber.ai', apiKeySecret: 'sk_live_1' };
    const refused = () => parsed(slips);
    expect(refused).toThrow(/fiberBaseUrl cannot be what it is.*\napiKeySecret cannot be what it is.*never the key/);
    expect(refused).not.toThrow(/sk_live_1/);
  });

  it('may name its schema, for editors', () => {
    expect(parsed({ $schema: './docs/relay.config.schema.json' }).forAll).toEqual({});
  });
});

describe('the settings of a stage', () => {
  const file = parsed({ stages: { dev: { retentionDays: 7 }, prod: {} } });

  it('are those under its name', () => {
    expect(settingsOfStage(file, 'dev')).toEqual({
      retentionDays: { value: 7, where: 'in relay.config.json under stages.dev' },
    });
  });

  it('are refused to a stage that the file does not name, as it would be a whole relay more', () => {
    expect(() => settingsOfStage(file, 'prd')).toThrow(
      'stage is "prd", and relay.config.json has the stages dev, prod. Did you mean prod? To have one more, add "prd": {} there.',
    );
  });

  it('are none where the file names no stage', () => {
    expect(settingsOfStage(parsed({ keyShare: 0.5 }), 'dev')).toEqual({});
  });
});
