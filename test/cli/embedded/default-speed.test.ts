import { expect, it } from 'vitest';
import { defaultSpeed, maxWaitOf } from '../../../cli/embedded/default-speed.ts';
import type { ScenarioName } from '../../../local/fiber/index.ts';
import { testAssembly } from '../../support/assembly.ts';

it.each<[ScenarioName, number, number]>([
  ['completed', 97_000, 16],
  ['quick', 4_000, 3],
  ['never', Number.POSITIVE_INFINITY, 517],
  ['error-500', 97_000, 517],
  ['malformed-json', 97_000, 517],
  ['flaky-500', 97_000, 16],
])('divides the waits of %s, done after %d ms, by %d', (scenario, durationMs, speed) => {
  expect(defaultSpeed(scenario, durationMs, 3_600)).toBe(speed);
});

it('reads from the template when the relay gives up', async () => {
  const { template } = await testAssembly();
  expect(maxWaitOf(template)).toBeGreaterThan(600);
});
