import { expect, it } from 'vitest';
import { preferredWait } from '../../lambdas/http/prefer.ts';

it.each([
  ['wait=10', 10],
  ['Wait = 10', 10],
  ['wait="10"', 10],
  ['respond-async, wait=10', 10],
  ['wait=10; foo=bar, return=minimal', 10],
  ['wait=10, wait=20', 10],
  ['wait=600', 600],
  ['', undefined],
  ['wait', undefined],
  ['wait=-1', undefined],
  ['wait=1.5', undefined],
  ['wait="10', undefined],
  ['wait=10s', undefined],
  ['awaited=10', undefined],
])('%j waits for %s seconds', (header, seconds) => {
  expect(preferredWait(header)).toBe(seconds);
});
