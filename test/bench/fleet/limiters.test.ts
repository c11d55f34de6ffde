import { describe, expect, it } from 'vitest';
import { limiterNames, makeLimiter } from '../../../bench/fleet/limiters.ts';

describe('the limiters', () => {
  it('serve 240 in a minute each, and differ in what comes after', () => {
    const served = limiterNames.map((name) => {
      const limiter = makeLimiter(name, 240, 0);
      return [0, 60_000].map((from) => {
        let count = 0;
        for (let i = 0; i < 600; i++) if (limiter(from + i * 100)) count++;
        return count;
      });
    });

    expect(served).toEqual([
      [240, 240],
      [240, 240],
      [240, 0],
      [249, 240],
    ]);
  });
});
