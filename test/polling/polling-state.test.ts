import { expect, it } from 'vitest';
import { detection, newPollingState } from '../../lambdas/polling/polling-state.ts';
import { hour, noon } from '../support/budget.ts';

it('a detection teaches: not yet at the last negative poll, finished at this one', () => {
  const state = { ...newPollingState('bulk', noon, noon, hour), lastNegativeAt: noon + 40_000 };

  expect(detection(state, noon + 70_000)).toEqual({ fromSeconds: 40, toSeconds: 70 });
});

it('a detection by a clock that is behind teaches no age below zero', () => {
  expect(detection(newPollingState('bulk', noon, noon, hour), noon - 300)).toEqual({ fromSeconds: 0, toSeconds: 0 });
});

it('the deadline counts from the admission, and the age from the start of the task', () => {
  expect(newPollingState('bulk', noon - 60_000, noon, hour)).toMatchObject({
    startedAt: noon - 60_000,
    lastNegativeAt: noon - 60_000,
    deadlineAt: noon + hour,
    failures: 0,
  });
});
