import { expect, it, vi } from 'vitest';
import { FastForward, type TimedPart } from '../../../local/time/fast-forward.ts';
import { RelayClock, RelayTimers } from '../../../local/time/relay-time.ts';
import { withResolvers } from '../../../local/workflow/with-resolvers.ts';

const skipping = () => RelayClock.start(Number.POSITIVE_INFINITY);
const turn = () => new Promise<void>(setImmediate);

it('runs with the clock of the machine until it jumps', () => {
  const clock = skipping();
  const drift = clock.now() - Date.now();
  clock.jump(3_600_000);
  expect(clock.now() - Date.now() - drift).toBeGreaterThanOrEqual(3_600_000);
  expect(clock.now() - Date.now() - drift).toBeLessThan(3_601_000);
});

it('is the same clock for everybody who has its settings', () => {
  const clock = skipping();
  const elsewhere = new RelayClock(clock.settings);
  clock.jump(1_000_000);
  expect(Math.abs(elsewhere.now() - clock.now())).toBeLessThan(60_000);
});

it('fires timers in the order in which they are due, and equal ones in the order in which they were set', () => {
  const clock = skipping();
  const timers = new RelayTimers(clock);
  const fired: string[] = [];
  for (const [name, seconds] of [
    ['c', 30],
    ['a', 10],
    ['d', 40],
    ['b', 20],
  ] as const) {
    timers.set(() => fired.push(name), seconds * 1_000);
  }
  const cleared = timers.set(() => fired.push('cleared'), 5_000);
  timers.clear(cleared);
  timers.clear(cleared);
  clock.jump(30_000);
  timers.catchUp();
  expect(fired).toEqual(['a', 'b', 'c']);
  expect(timers.size).toBe(1);
  timers.clearAll();
  expect(timers.nextDue).toBeUndefined();
});

it('is never early, and fires at the very millisecond', () => {
  const clock = skipping();
  const timers = new RelayTimers(clock);
  let firedAt = 0;
  const { due } = timers.set(() => {
    firedAt = clock.now();
  }, 50_000);
  clock.jump(due - clock.now() - 20);
  timers.catchUp();
  expect(firedAt).toBe(0);
  clock.jump(due - clock.now());
  timers.catchUp();
  expect(firedAt).toBeGreaterThanOrEqual(due);
});

it('waits longer than the 24.8 days that Node can', () => {
  const clock = skipping();
  const timers = new RelayTimers(clock);
  let fired = false;
  timers.set(() => {
    fired = true;
  }, 40 * 86_400_000);
  clock.jump(39 * 86_400_000);
  timers.catchUp();
  expect(fired).toBe(false);
  clock.jump(86_400_000);
  timers.catchUp();
  expect(fired).toBe(true);
});

/** A part of the relay that only waits, and notes when it is woken. */
class Waiter implements TimedPart {
  idle = true;
  readonly timers: RelayTimers;

  constructor(clock: RelayClock) {
    this.timers = new RelayTimers(clock);
  }

  get nextDue() {
    return this.timers.nextDue;
  }

  catchUp() {
    this.timers.catchUp();
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.timers.set(resolve, milliseconds));
  }
}

function relayOf(clock: RelayClock, stillAfterMs = 60_000) {
  const parts = [new Waiter(clock), new Waiter(clock)] as const;
  const fastForward = new FastForward({ clock, parts: () => parts, stillAfterMs });
  for (const { timers } of parts) timers.onChange = fastForward.noteActivity;
  return { parts, fastForward };
}

it('jumps from one timer to the next while everybody waits', async () => {
  const clock = skipping();
  const { parts, fastForward } = relayOf(clock);
  const from = clock.now();
  const steps = parts[0].sleep(3_600_000).then(() => parts[1].sleep(7_200_000));
  await fastForward.during(steps);
  expect((clock.now() - from) / 3_600_000).toBeCloseTo(3, 1);
  fastForward.stop();
});

it('does not jump while anybody is at work, nor when nobody waits for the result', async () => {
  const clock = skipping();
  const { parts, fastForward } = relayOf(clock);
  const { due } = parts[0].timers.set(() => {}, 3_600_000);
  for (let turns = 0; turns < 5; turns++) await turn();
  expect(clock.now()).toBeLessThan(due);

  parts[1].idle = false;
  void fastForward.during(new Promise(() => {}));
  for (let turns = 0; turns < 5; turns++) await turn();
  expect(clock.now()).toBeLessThan(due);

  parts[1].idle = true;
  fastForward.noteActivity();
  for (let turns = 0; turns < 5; turns++) await turn();
  expect(clock.now()).toBeGreaterThanOrEqual(due);
  fastForward.stop();
});

it('goes on to the next timeout when whoever is at work has shown no sign of life', async () => {
  const clock = skipping();
  const { parts, fastForward } = relayOf(clock, 1);
  parts[1].idle = false;
  const from = clock.now();
  await fastForward.during(parts[1].sleep(12_000));
  expect(clock.now() - from).toBeGreaterThanOrEqual(12_000);
  fastForward.stop();
});

it('waits for whoever is at work and has not got to it yet, as on a busy machine', async () => {
  const clock = skipping();
  const { parts, fastForward } = relayOf(clock, 1);
  const asked = withResolvers<void>();
  const started = withResolvers<void>();
  const slow = Object.assign(parts[1], {
    idle: false,
    isAwake: () => {
      asked.resolve();
      return started.promise;
    },
  });
  const sleeping = fastForward.during(slow.sleep(12_000));
  const from = clock.now();
  await asked.promise;
  for (let turns = 0; turns < 5; turns++) await turn();
  expect(clock.now() - from).toBeLessThan(12_000);

  started.resolve();
  await sleeping;
  expect(clock.now() - from).toBeGreaterThan(11_000);
  fastForward.stop();
});

it('does not wait for ever for whoever is at work: its timeout ends it', async () => {
  const clock = skipping();
  const { parts, fastForward } = relayOf(clock, 1);
  Object.assign(parts[1], { idle: false, isAwake: () => new Promise<void>(() => {}) });
  const from = clock.now();
  await fastForward.during(parts[1].sleep(12_000));
  expect(clock.now() - from).toBeGreaterThanOrEqual(12_000);
  fastForward.stop();
});

it('divides a short wait by a finite speed as well as a long one', async () => {
  const clock = RelayClock.start(100);
  const { parts, fastForward } = relayOf(clock);
  const set = vi.spyOn(globalThis, 'setTimeout');
  const sleeping = parts[0].sleep(250);
  await turn();
  await turn();
  const waits = set.mock.calls.map(([, ms]) => ms);
  set.mockRestore();
  await sleeping;
  fastForward.stop();
  expect(waits).not.toEqual([]);
  expect(Math.max(...waits.map(Number))).toBeLessThanOrEqual(2.5);
});

it('divides waits by a finite speed, whether or not anybody waits for the result', async () => {
  const clock = RelayClock.start(100_000);
  const { parts, fastForward } = relayOf(clock);
  const from = clock.now();
  await parts[0].sleep(3_600_000);
  expect((clock.now() - from) / 3_600_000).toBeCloseTo(1, 1);
  fastForward.stop();
});
