import { describe, expect, expectTypeOf, it } from 'vitest';
import type { SettingsOf } from '../../lambdas/contract.ts';
import { proxyEnvironment, settingsOf } from '../../lambdas/runtime/environment.ts';
import type { HandlerContext } from '../../lambdas/runtime/relay-handler.ts';
import type { fiberClient, pollBudget } from '../../lambdas/runtime/wiring.ts';

const settle = { REVEALS_TABLE: 'Reveals', EVENT_BUS: 'Bus', RETENTION_DAYS: '30' };

describe('the settings that a handler reads', () => {
  it('are those of the contract, with numbers as numbers, and nothing else that is set', () => {
    expect(settingsOf('settle', { ...settle, RELAY_NAME: 'sales', API_KEY_SECRET: 'Key', PATH: '/bin' })).toEqual({
      revealsTable: 'Reveals',
      eventBus: 'Bus',
      retentionDays: 30,
      relayName: 'sales',
    });
  });

  it('may be without the name of the relay', () => {
    expect(settingsOf('settle', settle).relayName).toBeUndefined();
    expect(settingsOf('settle', { ...settle, RELAY_NAME: '' }).relayName).toBeUndefined();
  });

  it.each([
    ['EVENT_BUS', undefined, 'is not set'],
    ['EVENT_BUS', '', 'is not set'],
    ['RETENTION_DAYS', 'a month', 'is not a number greater than zero'],
    ['RETENTION_DAYS', '0', 'is not a number greater than zero'],
  ])('name the one that is not what it should be: %s=%s', (name, value, problem) => {
    const read = () => settingsOf('settle', { ...settle, [name]: value });
    expect(read).toThrow(expect.objectContaining({ name: 'MissingConfiguration' }));
    expect(read).toThrow(new RegExp(`${name}.*${problem}`));
  });

  it('do not compile where a handler reads one that is not listed for it', () => {
    type Of<Handler extends 'admit' | 'poll' | 'settle'> = HandlerContext<Handler>['settings'];
    expectTypeOf<Of<'poll'>>().toHaveProperty('apiKeySecret').toEqualTypeOf<string>();
    expectTypeOf<Of<'admit'>>().not.toHaveProperty('apiKeySecret');
    expectTypeOf<Of<'admit'>>().toHaveProperty('maxWaitSeconds').toEqualTypeOf<number>();
    expectTypeOf<Of<'settle'>>().toHaveProperty('relayName').toEqualTypeOf<string | undefined>();
  });

  it('do not compile where a handler is wired with a part whose settings it does not have', () => {
    expectTypeOf<SettingsOf<'admit'>>().toExtend<Parameters<typeof pollBudget>[0]>();
    expectTypeOf<SettingsOf<'settle'>>().not.toExtend<Parameters<typeof pollBudget>[0]>();
    expectTypeOf<SettingsOf<'poll'>>().toExtend<Parameters<typeof fiberClient>[0]>();
    expectTypeOf<SettingsOf<'admit'>>().not.toExtend<Parameters<typeof fiberClient>[0]>();
  });
});

describe('the proxy', () => {
  it('is looked for only where Node is told to use one', () => {
    const proxy = { HTTPS_PROXY: 'http://127.0.0.1:9' };
    expect(proxyEnvironment(proxy)).toBeUndefined();
    expect(proxyEnvironment({ ...proxy, NODE_USE_ENV_PROXY: '1' })).toMatchObject(proxy);
  });
});
