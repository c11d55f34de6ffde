import { describe, expect, it } from 'vitest';
import { loads } from '../../bench/fleet/loads.ts';
import { policyNames } from '../../bench/fleet/policies.ts';
import { help, parseOptions } from '../../bench/options.ts';
import { UsageError } from '../../cli/usage-error.ts';

describe('the command line', () => {
  it.each([
    [['--load', 'L9'], 'choose one of L1, L2'],
    [['--limiter', 'none'], 'choose one of fixed-window'],
    [['--seed', 'x'], 'give a whole number'],
    [['--distribution', 'nowhere.json'], 'nor a file'],
    [['--loud'], '--loud'],
  ])('%j is refused with what to do', (args, message) => {
    expect(() => parseOptions(args, policyNames)).toThrow(UsageError);
    expect(() => parseOptions(args, policyNames)).toThrow(message);
  });

  it('knows every load by name', () => {
    expect([...new Set(loads.map(({ name }) => name))]).toEqual(['L1', 'L2', 'L3', 'L4', 'L5', 'priorities']);
    expect(parseOptions(['--load', 'P'], policyNames).load).toBe('P');
    expect(help).toContain('priorities, P;');
  });
});
