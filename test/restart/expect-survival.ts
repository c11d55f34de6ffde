import { expect } from 'vitest';
import type { Lives } from './lives.ts';

/** Every reveal has ended once, as its vendor's scenario has it, and said so under one id. */
export function expectSurvival({ survivors, exitCode }: Lives): void {
  for (const { taskId, record, events } of survivors) {
    const [type, status] = taskId.startsWith('failed')
      ? ['Contact Reveal Failed', 'failed']
      : ['Contact Reveal Completed', 'completed'];
    expect(record, taskId).toMatchObject({ status, generation: 1, publishedAt: expect.any(String) });
    expect(record, taskId).not.toHaveProperty('open');
    expect(events.length, taskId).toBeGreaterThan(0);
    for (const event of events) expect(event, taskId).toEqual({ type, eventId: record?.eventId });
  }
  expect(exitCode).toBe(0);
}
