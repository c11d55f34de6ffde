import { Duration, Stack, Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { relayDefaults } from '../../lambdas/contract.ts';
import { RevealRelay, type RevealRelayProps } from '../../lib/index.ts';
import { relaySettings, reservedConcurrency } from '../../lib/relay-settings.ts';

describe('the settings', () => {
  it.each<[string, RevealRelayProps]>([
    ['maxWait is 12 hours: give a multiple of 1 second, up to 11 hours.', { maxWait: Duration.hours(12) }],
    ['maxWait is 1 second 500 millis: give', { maxWait: Duration.millis(1_500) }],
    ['retention is 12 hours: give a multiple of 1 day, up to 3650 days.', { retention: Duration.hours(12) }],
    ['pollsPerMinute is 0: give a number from 2 to 6000.', { pollsPerMinute: 0 }],
    ['pollsPerMinute is 100000: give a number from 2 to 6000.', { pollsPerMinute: 100_000 }],
    ['pollsPerMinute is a token', { pollsPerMinute: Token.asNumber({ Ref: 'Polls' }) }],
    ['startsPerMinute is 0: give a number from 1 to 6000.', { startsPerMinute: 0 }],
    ['startsPerMinute is a token', { startsPerMinute: Token.asNumber({ Ref: 'Starts' }) }],
    ['maxCreditsPerDay is 0: give a number from 1 to 100000000.', { maxCreditsPerDay: 0 }],
    ['maxCreditsPerDay is 1.5: give a whole number.', { maxCreditsPerDay: 1.5 }],
    ['maxCreditsPerDay is a token', { maxCreditsPerDay: Token.asNumber({ Ref: 'Credits' }) }],
    ['maxWait is a token', { maxWait: Duration.seconds(Token.asNumber({ Ref: 'Seconds' })) }],
    ['reservedConcurrency is 0: give a number from 1 to', { reservedConcurrency: { poll: 0 } }],
    ['reservedConcurrency is 2.5: give a whole number.', { reservedConcurrency: { request: 2.5 } }],
    ['name is "ada@example.com": give 1 to 64 letters', { name: 'ada@example.com' }],
    ['keyShare is 2: give a number from 0.01 to 1.', { keyShare: 2 }],
    ['fiberBaseUrl is no https address', { fiberBaseUrl: 'http://api.fiber.ai' }],
    ['fiberBaseUrl is no https address', { fiberBaseUrl: 'https://key@api.fiber.ai' }],
    ['fiberBaseUrl is no https address', { fiberBaseUrl: 'https://api.fiber.ai/v1?key=1' }],
  ])('that cannot be are refused: %s', (message, props) => {
    expect(() => [relaySettings(props), reservedConcurrency(props)]).toThrow(message);
  });

  it('are refused when the app is synthesised, before anything is made', () => {
    const stack = new Stack();
    expect(() => new RevealRelay(stack, 'Relay', { pollsPerMinute: 0 })).toThrow('pollsPerMinute is 0');
    expect(stack.node.findChild('Relay').node.children).toEqual([]);
  });

  it('are the defaults of the contract unless something else is said', () => {
    expect(relaySettings({})).toEqual({ ...relayDefaults, fiberBaseUrl: 'https://api.fiber.ai' });
    expect(relaySettings({ maxWait: Duration.minutes(20), keyShare: 0.5, name: 'sales' })).toMatchObject({
      maxWaitSeconds: 1_200,
      keyShare: 0.5,
      relayName: 'sales',
    });
  });

  it('let callers of the HTTP API wait unless they are told not to', () => {
    expect(relaySettings({ api: { waiting: true } }).apiWaiting).toBeUndefined();
    expect(relaySettings({ api: { waiting: false } }).apiWaiting).toBe('off');
  });

  it.each(['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080', 'https://vendor.example.com'])(
    'may have the vendor at %s',
    (fiberBaseUrl) => {
      expect(relaySettings({ fiberBaseUrl })).toMatchObject({ fiberBaseUrl });
    },
  );
});
