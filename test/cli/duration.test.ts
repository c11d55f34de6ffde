import { expect, it } from 'vitest';
import { clockTime } from '../../cli/duration.ts';

it.each([
  [0, '0:00'],
  [59.6, '1:00'],
  [65, '1:05'],
  [3_599, '59:59'],
  [7_205, '2:00:05'],
  [-3, '0:00'],
])('shows %d seconds as %s', (seconds, shown) => expect(clockTime(seconds)).toBe(shown));
