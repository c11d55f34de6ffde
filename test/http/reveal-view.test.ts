import { describe, expect, it } from 'vitest';
import { listedReveal, revealView as schema } from '../../lambdas/http/api-schema.ts';
import { listedView, revealView } from '../../lambdas/http/reveal-view.ts';
import { changed, newRecord } from '../../lambdas/reveal/record.ts';
import { completed, planted, result } from '../support/doors.ts';

const running = newRecord({ taskId: 'task-1' }, { generation: 1, executionArn: 'arn', claimedBy: 'me', nowMs: 0 });
const done = changed(running, completed());

describe('a reveal as its readers see it', () => {
  it('is what the API says it is, and nothing of how the relay keeps it', () => {
    for (const record of [running, done]) {
      const view = revealView(record, result);
      expect(schema.parse(view)).toEqual(view);
      expect(JSON.stringify(view)).not.toMatch(/executionArn|claimedBy|publishedAt/);
    }
  });

  it('has low-quality e-mail addresses only for who asks for them', () => {
    expect(JSON.stringify(revealView(done, result))).not.toContain(planted.lowQualityEmail);
    const view = revealView(done, result, { withLowQualityEmails: true });
    expect(view.result?.lowQualityEmails).toEqual(result.lowQualityEmails);
  });

  it('shows no contact data of an erased one, whatever comes with the record', () => {
    const erased = changed(done, { erasedAt: '2026-11-23T12:00:00.000Z' });
    expect(revealView(erased, result)).not.toHaveProperty('result');
  });

  it('holds no contact data in a list', () => {
    const view = listedView(done);
    expect(listedReveal.parse(view)).toEqual(view);
    expect(JSON.stringify(view)).not.toMatch(/ada@|lovelace|15550100/);
  });
});
