import { expect, it } from 'vitest';
import { clockTime } from '../../cli/duration.ts';
import { ProgressView } from '../../cli/progress.ts';

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
}

it('writes a line for each piece of news where there is no terminal', () => {
  const out = screen(false);
  let now = 1_000_000;
  const view = new ProgressView(out, () => now);
  view.show({ state: 'Admit', polls: 0 });
  view.show({ state: 'WaitForSlot', polls: 0, nextPollAt: now + 15_000 });
  now += 5_000;
  view.show({ state: 'WaitForSlot', polls: 0, nextPollAt: now + 10_000 });
  now += 10_000;
  view.show({ state: 'WaitForSlot', vendorStatus: 'live-enriching', polls: 1, nextPollAt: now + 75_000 });
  view.show({ state: 'WaitForSlot', vendorStatus: 'live-enriching', polls: 1, pausedBecause: 'key-refused' });
  view.stop();
  expect(out.written.map((line) => line.replace(/ +/g, ' '))).toEqual([
    ' 0:00 Admit 0 polls\n',
    ' 0:00 WaitForSlot 0 polls next poll in 0:15\n',
    ' 0:15 WaitForSlot live-enriching 1 poll next poll in 1:15\n',
    ' 0:15 WaitForSlot live-enriching 1 poll paused: key-refused\n',
  ]);
});

it('rewrites one line on a terminal, within its width, and leaves nothing behind', () => {
  const out = screen(true);
  const view = new ProgressView(out, () => 0);
  view.show({
    state: 'Poll',
    vendorStatus: 'grabbing-contact-info',
    polls: 12,
    nextPollAt: 15_000,
    pausedBecause: 'out-of-credits',
  });
  view.show({ state: 'Poll', polls: 12 });
  view.stop();
  for (const text of out.written) {
    expect(text.startsWith('\r\u001b[K')).toBe(true);
    expect(text.length - '\r\u001b[K'.length).toBeLessThan(60);
    expect(text).not.toContain('\n');
  }
  expect(out.written.at(-1)).toBe('\r\u001b[K');
});

it('keeps what the vendor says, the polls and the wait in a narrow terminal', () => {
  const out = { ...screen(true), columns: 44 };
  const view = new ProgressView(out, () => 0);
  view.show({ state: 'WaitForSlot', vendorStatus: 'live-enriching', polls: 12, nextPollAt: 15_000 });
  view.show({ state: 'WaitForSlot', vendorStatus: 'live-enriching', polls: 12, pausedBecause: 'key-refused' });
  view.stop();
  expect(out.written.slice(0, 2)).toEqual([
    '\r\u001b[K0:00  live-enriching  12 polls, next 0:15',
    '\r\u001b[K0:00  paused: key-refused  12 polls',
  ]);
});

it.each([true, false])('writes what stays once, above what changes, on a terminal or not: %j', (isTTY) => {
  const out = screen(isTTY);
  const view = new ProgressView(out, () => 0);
  for (const news of ['started', 'started', 'refunded']) view.say(news);
  view.stop();
  const lines = out.written.filter((text) => text.endsWith('\n')).map((text) => text.replace('\r\u001b[K', ''));
  expect(lines).toEqual(['    0:00  started\n', '    0:00  refunded\n']);
});

it('does not let the vendor move the cursor', () => {
  const out = screen(false);
  new ProgressView(out, () => 0).show({ state: 'Poll', vendorStatus: '\u001b[2J\u0007x', polls: 1 });
  expect(out.written.join('')).toContain('?[2J?x');
});

it.each([
  [0, '0:00'],
  [59.4, '0:59'],
  [59.6, '1:00'],
  [605, '10:05'],
  [3_600, '1:00:00'],
  [7_265, '2:01:05'],
  [-3, '0:00'],
])('says %d seconds as %s', (seconds, text) => {
  expect(clockTime(seconds)).toBe(text);
});
