import { type NewTask, StandInFiber, type StandInFiberOptions, seededRandom } from '../../local/fiber/index.ts';
import { EmbeddedRelay, type EmbeddedRelayOptions } from '../../local/relay.ts';
import { RelayClock } from '../../local/time/relay-time.ts';
import type { Execution } from '../../local/workflow/execution-store.ts';
import { testAssembly, withMaxWait } from './assembly.ts';

export interface TestRelayOptions extends Partial<Omit<EmbeddedRelayOptions, 'clock'>> {
  /** Options of the stand-in vendor. */
  readonly fiber?: Partial<StandInFiberOptions>;
  /** Seeds the vendor, so that a run can be had again. @default 1 */
  readonly seed?: number;
  /** By how much waits are divided. @default Infinity: they are skipped */
  readonly speed?: number;
  /** What time it is when it begins, in milliseconds since 1970. @default the machine's time */
  readonly startsAt?: number;
  /** What the construct's `maxWait` would be. @default as shipped */
  readonly maxWaitSeconds?: number;
}

/** What one reveal came to. */
export interface Played {
  readonly executionArn: string;
  readonly execution: Execution;
  /** The record as it is stored, or nothing. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
}

/** The whole embedded relay and a stand-in vendor that live in the same time. */
export interface TestRelay extends AsyncDisposable {
  readonly relay: EmbeddedRelay;
  readonly fiber: StandInFiber;
  readonly clock: RelayClock;
  readonly apiKey: string;
  /** Every line that the handlers have printed so far. */
  readonly logs: readonly { readonly handler: string; readonly line: string }[];
  /** Starts a reveal of a task and waits until its execution has ended. @param task an id, or a task to add first */
  play(task: string | NewTask): Promise<Played>;
  /** Starts an execution with any input, a reveal's or not, and waits until it has ended. */
  playInput(input: unknown): Promise<Pick<Played, 'executionArn' | 'execution'>>;
  close(): Promise<void>;
}

/**
 * Time is virtual: it runs as outside while anybody works, and jumps over the waits. A reveal of many minutes takes as
 * long as its handlers work, tens of milliseconds, and no timeout comes nearer by that. Close it after use.
 */
export async function startTestRelay(options: TestRelayOptions = {}): Promise<TestRelay> {
  const {
    fiber: fiberOptions,
    seed = 1,
    speed = Number.POSITIVE_INFINITY,
    startsAt,
    maxWaitSeconds,
    ...relayOptions
  } = options;
  const apiKey = relayOptions.apiKey ?? 'test-key-3f9c';
  const clock = RelayClock.start(speed);
  if (startsAt !== undefined) clock.jump(startsAt - clock.now());
  const fiber = await StandInFiber.listen({ apiKey, now: clock.now, random: seededRandom(seed), ...fiberOptions });
  const logs: { handler: string; line: string }[] = [];
  const shipped = await testAssembly();
  const relay = await EmbeddedRelay.start({
    assembly: maxWaitSeconds === undefined ? shipped : withMaxWait(shipped, maxWaitSeconds),
    apiKey,
    fiberBaseUrl: fiber.url,
    clock,
    stillAfterMs: 3_000,
    onLog: (handler, line) => logs.push({ handler, line }),
    ...relayOptions,
  });
  const close = async () => {
    await relay.close();
    await fiber.close();
  };

  const playInput = async (input: unknown) => {
    const executionArn = await relay.startReveal(input);
    return { executionArn, execution: await relay.ended(executionArn) };
  };
  const play = async (task: string | NewTask): Promise<Played> => {
    const taskId = typeof task === 'string' ? task : fiber.addTask(task).taskId;
    return { ...(await playInput({ taskId })), record: await relay.record(taskId) };
  };

  return { relay, fiber, clock, apiKey, logs, play, playInput, close, [Symbol.asyncDispose]: close };
}
