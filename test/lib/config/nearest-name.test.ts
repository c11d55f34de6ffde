import { describe, expect, it } from 'vitest';
import { nearestName } from '../../../lib/config/nearest-name.ts';

const known = ['pollsPerMinute', 'startsPerMinute', 'retentionDays', 'keyShare', 'stage'].map((word) => ({
  word,
  name: word,
}));

describe('the nearest name', () => {
  it.each([
    ['pollsPerMinutes', 'pollsPerMinute'],
    ['PollsPerMinute', 'pollsPerMinute'],
    ['polsPerMinute', 'pollsPerMinute'],
    ['startPerMinute', 'startsPerMinute'],
    ['polls', 'pollsPerMinute'],
    ['retention', 'retentionDays'],
    ['stages', 'stage'],
  ])('to %s is %s', (given, name) => {
    expect(nearestName(given, known)).toBe(name);
  });

  it.each(['vpcId', 'domain', 'key', 'x', 'stack'])('to %s is none', (given) => {
    expect(nearestName(given, known)).toBeUndefined();
  });

  it('may be the name of something that is called otherwise here', () => {
    expect(nearestName('maxwait', [{ word: 'maxWait', name: 'maxWaitMinutes' }])).toBe('maxWaitMinutes');
  });
});
