import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { roughly, secondsFor, secondsLeft } from '../../../cli/csv/estimate.ts';
import { barLine, ProgressBar, plainLine } from '../../../cli/csv/progress-bar.ts';

const tally = { total: 2_000, found: 800, nothing: 100, failed: 5, credits: 9_600 };

describe('how a list goes', () => {
  it('fits the terminal, and leaves out first what matters least', () => {
    expect(barLine(tally, 430, 110)).toBe(
      '━━━━━━━━━━──────────────  905/2,000  found 800  nothing 100  failed 5  backlog 1,095  9,600 credits  ETA 7:10',
    );
    expect(barLine(tally, 430, 79)).toBe(
      '━━━━─────  905/2,000  found 800  nothing 100  failed 5  9,600 credits  ETA 7:10',
    );
    expect(barLine(tally, 430, 43)).toBe('905/2,000  found 800  nothing 100  failed 5');
    for (let columns = 20; columns < 200; columns += 1) {
      expect(barLine(tally, 430, columns).length).toBeLessThanOrEqual(columns);
    }
    expect(barLine(tally, 430, 5)).toBe('905/2,000');
  });

  it('writes a line now and then where there is no terminal, and one at the end', () => {
    let [now, text] = [0, ''];
    const bar = new ProgressBar({ write: (more) => (text += more) }, () => now, false);
    for (; now <= 65_000; now += 1_000) bar.show({ ...tally, found: now / 100 });
    bar.stop();
    expect(text.split('\n')).toEqual([
      expect.stringMatching(
        /^105 of 2,000: 0 found, 100 nothing, 5 failed, 9,600 credits, 1,895 to go, about 18:48 left$/,
      ),
      expect.stringMatching(/^405 of 2,000/),
      expect.stringMatching(/^705 of 2,000/),
      expect.stringMatching(/^755 of 2,000/),
      '',
    ]);
  });

  it('redraws one line on a terminal, in colour only where that is wanted', () => {
    const drawn = (hasColor: boolean) => {
      let text = '';
      const bar = new ProgressBar({ isTTY: true, columns: 80, write: (more) => (text += more) }, () => 0, hasColor);
      bar.show(tally);
      bar.stop();
      return text;
    };
    expect(drawn(false).split('\r\u001b[K')).toEqual([
      '',
      expect.not.stringContaining('\n'),
      expect.stringMatching(/^━.*\n$/),
    ]);
    expect(drawn(false).split('\u001b')).toHaveLength(3);
    expect(drawn(true)).toContain('\u001b[32m');
    expect(stripVTControlCharacters(drawn(true))).toBe(stripVTControlCharacters(drawn(false)));
  });

  it('says it all in one line at the end', () => {
    expect(plainLine({ ...tally, total: 905 }, 0)).toBe('905 of 905: 800 found, 100 nothing, 5 failed, 9,600 credits');
  });
});

describe('how long it takes', () => {
  it('follows from the limits of the vendor, until it is measured', () => {
    expect(secondsFor({ starts: 0, polled: 0 })).toBe(0);
    expect(secondsFor({ starts: 1_200, polled: 0 })).toBe(600 + 180);
    expect(secondsFor({ starts: 0, polled: 2_400 })).toBe(1_200 + 180);
    expect(secondsLeft(10, 1_200, 60)).toBe(780);
    expect(secondsLeft(100, 1_200, 60)).toBe(720);
    expect([roughly(20), roughly(780), roughly(7_201), roughly(50_000)]).toEqual([
      'a minute',
      '13 minutes',
      '2 hours',
      '14 hours',
    ]);
  });
});
