import { describe, expect, it } from 'vitest';
import {
  isRelayError,
  isThrottle,
  loggedFacts,
  MissingConfiguration,
  RelayFault,
  safeErrorName,
} from '../../lambdas/reveal/errors.ts';

describe('what a log says of an error', () => {
  it('is the name and the message of one of ours, and the ids that support asks for', () => {
    const fault = new RelayFault('DynamoDB', 'TimeoutError', { code: 'ECONNRESET', awsRequestId: 'r-1' });
    expect(loggedFacts(fault)).toEqual({
      errorName: 'RelayFault',
      problem: 'DynamoDB did not do what was asked: TimeoutError.',
      code: 'ECONNRESET',
      awsRequestId: 'r-1',
    });
  });

  it('is the name alone of any other, if it looks like one', () => {
    expect(loggedFacts(new TypeError('ada@example.com'))).toEqual({ errorName: 'TypeError' });
    const odd = Object.assign(new Error('no'), { name: 'ada@example.com' });
    expect([safeErrorName(odd), safeErrorName('ada@example.com')]).toEqual(['UnknownError', 'UnknownError']);
  });
});

it('an error knows whether it is ours, and whether a service wants to be asked less often', () => {
  const throttled = new RelayFault('Step Functions', 'ThrottlingException', { isThrottle: true });
  const missing = new MissingConfiguration('EVENT_BUS', 'is not set');
  expect([throttled, missing, new Error('no')].map(isRelayError)).toEqual([true, true, false]);
  expect([throttled, missing].map(isThrottle)).toEqual([true, false]);
});
