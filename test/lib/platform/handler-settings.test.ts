import { App, Stack, Token } from 'aws-cdk-lib';
import { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { handlerNames } from '../../../lambdas/contract.ts';
import { RevealRelay } from '../../../lib/index.ts';
import { patiently, relayWith, type SynthesisedResource } from '../../support/synthesised.ts';

/** Those of a relay that tells nobody by webhooks. */
const usualHandlers = handlerNames.filter((name) => name !== 'deliver');

const functions = (resources: readonly SynthesisedResource[]) => {
  const found = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  expect(found).toHaveLength(usualHandlers.length);
  return found.map(({ Properties }) => Properties);
};
const statements = (resources: readonly SynthesisedResource[]) =>
  resources
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .map(({ Properties }) => JSON.stringify(Properties.PolicyDocument));

describe('logs', patiently, () => {
  it('are kept for a month, or for as long as logRetention says: those of the handlers and the access log', () => {
    const kept = (resources: readonly SynthesisedResource[]) =>
      resources
        .filter(({ Type }) => Type === 'AWS::Logs::LogGroup')
        .map(({ Properties }) => Properties.RetentionInDays);
    expect(kept(relayWith())).toEqual(Array(usualHandlers.length + 1).fill(30));
    expect(kept(relayWith({ logRetention: RetentionDays.ONE_YEAR }))).toEqual(
      Array(usualHandlers.length + 1).fill(365),
    );
    expect(kept(relayWith({ logRetention: RetentionDays.INFINITE }))).toEqual(
      Array(usualHandlers.length + 1).fill(undefined),
    );
  });

  it('are not kept for a number of days that CloudWatch Logs does not know', () => {
    expect(() => new RevealRelay(new Stack(new App(), 'App'), 'Relay', { logRetention: 45 as RetentionDays })).toThrow(
      'logRetention is 45: give a member of RetentionDays',
    );
  });

  it('are as talkative as logLevel says, in every handler; what Lambda itself says of each invocation stays', () => {
    for (const { LoggingConfig } of functions(relayWith({ logLevel: ApplicationLogLevel.ERROR }))) {
      expect(LoggingConfig).toMatchObject({ LogFormat: 'JSON', ApplicationLogLevel: 'ERROR' });
      expect(LoggingConfig).not.toHaveProperty('SystemLogLevel');
    }
    for (const { LoggingConfig } of functions(relayWith()))
      expect(LoggingConfig).not.toHaveProperty('ApplicationLogLevel');
  });
});

describe('memory', patiently, () => {
  it('is 512 MB for the API, for whose answer somebody waits, and 256 for the others, or memorySize for all', () => {
    const sizes = (resources: readonly SynthesisedResource[]) =>
      functions(resources)
        .map(({ MemorySize }) => Number(MemorySize))
        .sort((one, other) => one - other);
    expect(sizes(relayWith())).toEqual([...Array(usualHandlers.length - 1).fill(256), 512]);
    expect(sizes(relayWith({ memorySize: 1_024 }))).toEqual(Array(usualHandlers.length).fill(1_024));
  });

  it.each([
    [64, 'memorySize is 64: give a number from 128 to 10240.'],
    [256.5, 'memorySize is 256.5: give a whole number.'],
    [Token.asNumber({ Ref: 'Memory' }), 'memorySize is a token'],
  ])('of %s is refused', (memorySize, message) => {
    const stack = new Stack(new App(), 'App');
    expect(() => new RevealRelay(stack, 'Relay', { memorySize })).toThrow(message);
  });
});

describe('traces', patiently, () => {
  const traced = relayWith({ tracingEnabled: true });
  const machine = (resources: readonly SynthesisedResource[]) =>
    resources.find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')?.Properties;

  it('are written by every handler and by the state machine, which may do so, where tracingEnabled says so', () => {
    for (const { TracingConfig } of functions(traced)) expect(TracingConfig).toEqual({ Mode: 'Active' });
    expect(machine(traced)).toMatchObject({ TracingConfiguration: { Enabled: true } });
    const may = statements(traced).filter((policy) => policy.includes('xray:PutTraceSegments'));
    expect(may).toHaveLength(usualHandlers.length + 1);
    expect(may.filter((policy) => policy.includes('xray:GetSamplingRules'))).toHaveLength(1);
  });

  it('are not written otherwise, and nobody may', () => {
    for (const { TracingConfig } of functions(relayWith())) expect(TracingConfig).toBeUndefined();
    expect(statements(relayWith()).join()).not.toContain('xray');
  });
});
