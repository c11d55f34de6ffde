import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import type { RelayClock, RelayTimers } from './relay-time.ts';

/**
 * `Date` tells relay time from here on, in this thread: `Date.now()`, `new Date()` and `Date()`. Dates made from a value
 * are what they were.
 */
export function replaceDate(clock: RelayClock): void {
  globalThis.Date = new Proxy(Date, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length > 0 ? given : [clock.now()], newTarget),
    apply: (target) => new target(clock.now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? clock.now : Reflect.get(target, key, receiver)),
  });
}

/** The global `setTimeout` waits in relay time: the state machine's waits, retries and timeouts, the network timeouts of clients. */
export function replaceTimers(timers: RelayTimers): void {
  const setTimeout = (callback: (...given: unknown[]) => void, milliseconds = 0, ...given: unknown[]) =>
    timers.set(() => callback(...given), milliseconds);
  Object.assign(globalThis, { setTimeout, clearTimeout: timers.clear.bind(timers) });
}

/**
 * `setTimeout` of `node:timers/promises` sleeps in relay time. It is what handlers wait with on purpose, and so it has its
 * own timers: while it sleeps nothing happens, whereas a network timeout runs beside work that is being done.
 */
export function replaceSleep(timers: RelayTimers): void {
  const sleep = <T>(milliseconds = 0, value?: T, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise<T | undefined>((resolve, reject) => {
      const aborted = () => {
        const error = new Error('The operation was aborted', { cause: signal?.reason });
        reject(Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' }));
      };
      if (signal?.aborted) return aborted();
      const timer = timers.set(() => {
        signal?.removeEventListener('abort', stop);
        resolve(value);
      }, milliseconds);
      const stop = () => {
        timers.clear(timer);
        aborted();
      };
      signal?.addEventListener('abort', stop, { once: true });
    });
  Object.assign(timersPromises, { setTimeout: sleep });
  syncBuiltinESMExports();
}
