import { randomUUID } from 'node:crypto';
import { Journal } from '../data/journal.ts';
import type { Queues } from '../services/queues.ts';
import { type LocalResource, type LocalStack, TemplateError } from '../template/template.ts';
import type { RelayTimers } from '../time/relay-time.ts';
import { FunctionError, type LocalHandler } from './handlers.ts';

/** How long Lambda waits before the second and the third attempt, in seconds. */
const retryDelays = [60, 120];

/** How long an event that was throttled waits at most before it is tried again, in seconds. */
const longestPause = 300;

/** How long an event is kept unless the template says otherwise, in seconds: six hours. */
const longestAge = 21_600;

/** What happens to an event that a function fails on. */
interface InvokeConfig {
  readonly retries: number;
  /** Seconds after which it is not tried any more, throttled or not. */
  readonly maxAge: number;
  /** ARN of a queue for a report with the event in it. */
  readonly onFailure?: string;
  /** ARN of a queue for the event itself. */
  readonly deadLetters?: string;
}

/** An invocation as it is journaled, from when it was accepted until it has succeeded or was given up on. */
export interface PendingInvocation {
  readonly functionArn: string;
  readonly event: unknown;
  /** When it was accepted, in milliseconds of relay time. @default - when it was found in the journal */
  readonly acceptedAt?: number;
}

export interface AsynchronousInvocationsOptions {
  readonly stack: LocalStack;
  readonly queues: Queues;
  readonly now: () => number;
  readonly timers: RelayTimers;
  /** All attempts have failed and there is no queue for what is left over. */
  readonly onDropped: (handler: LocalHandler, event: unknown, error: FunctionError) => void;
  /** What has been accepted and is not done. @default - in memory */
  readonly journal?: Journal<PendingInvocation>;
  /** Spreads the attempts after a throttle. @default Math.random */
  readonly random?: () => number;
}

/**
 * Invocations whose answer nobody waits for, as Lambda does them for EventBridge: a failed one is tried twice more, unless
 * the template says otherwise, and then goes to the function's dead letters. One that was throttled is no failure: it is tried again and
 * again, until it is too old.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsynchronousInvocations {
  readonly #options: AsynchronousInvocationsOptions;
  readonly #configs: ReadonlyMap<string, InvokeConfig>;
  readonly #journal: Journal<PendingInvocation>;
  #stopped = false;

  /** @throws TemplateError on a destination that there is no adapter for */
  constructor(options: AsynchronousInvocationsOptions) {
    this.#options = options;
    this.#journal = options.journal ?? new Journal(undefined);
    const configs = new Map<string, InvokeConfig>();
    for (const resource of options.stack.ofType('AWS::Lambda::Function')) {
      const { DeadLetterConfig } = resource.properties();
      const deadLetters = (DeadLetterConfig as { TargetArn?: string } | undefined)?.TargetArn;
      configs.set(resource.reference, {
        retries: retryDelays.length,
        maxAge: longestAge,
        ...(deadLetters !== undefined && { deadLetters: queueOf(deadLetters, resource, options.queues) }),
      });
    }
    for (const resource of options.stack.ofType('AWS::Lambda::EventInvokeConfig')) {
      const { FunctionName, MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = resource.properties();
      const { OnFailure, OnSuccess } = (DestinationConfig ?? {}) as Record<
        string,
        { Destination?: string } | undefined
      >;
      if (OnSuccess)
        throw new TemplateError(
          `${resource.logicalId} (${resource.type}) has OnSuccess, for which there is no adapter.`,
        );
      const onFailure = OnFailure?.Destination;
      configs.set(String(FunctionName), {
        ...configs.get(String(FunctionName)),
        retries: Number(MaximumRetryAttempts ?? retryDelays.length),
        maxAge: Number(MaximumEventAgeInSeconds ?? longestAge),
        ...(onFailure !== undefined && { onFailure: queueOf(onFailure, resource, options.queues) }),
      });
    }
    this.#configs = configs;
  }

  /** Accepts an event for a function: by the time that this returns, it is sure to be delivered at least once, or laid down. */
  invoke(handler: LocalHandler, event: unknown): void {
    const id = randomUUID();
    const acceptedAt = this.#options.now();
    this.#journal.opened(id, { functionArn: handler.arn, event, acceptedAt });
    void this.#attempt({ id, handler, event, acceptedAt, failures: 0, throttles: 0 });
  }

  /** Goes on with what an earlier process had accepted, from the first attempt. What has no function any more is dropped. */
  resume(handlers: ReadonlyMap<string, LocalHandler>): void {
    for (const [id, { functionArn, event, acceptedAt = this.#options.now() }] of [...this.#journal.open]) {
      const handler = handlers.get(functionArn);
      if (handler) void this.#attempt({ id, handler, event, acceptedAt, failures: 0, throttles: 0 });
      else this.#journal.closed(id);
    }
  }

  /** Notes nothing from here on: that a function fails because it is stopped says nothing about the event. */
  stop(): void {
    this.#stopped = true;
  }

  async #attempt(queued: Queued): Promise<void> {
    try {
      await queued.handler.invoke(queued.event);
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      if (this.#stopped) return;
      const next = error.isThrottle
        ? { ...queued, throttles: queued.throttles + 1 }
        : { ...queued, failures: queued.failures + 1 };
      const { retries = 0, maxAge = longestAge } = this.#configs.get(queued.handler.name) ?? {};
      const pause = 1_000 * (error.isThrottle ? this.#pauseAfter(next.throttles) : (retryDelays[queued.failures] ?? 0));
      const isTooOld = this.#options.now() + pause - queued.acceptedAt > maxAge * 1_000;
      if (next.failures <= retries && !isTooOld) {
        this.#options.timers.set(() => void this.#attempt(next), pause);
        return;
      }
      this.#giveUp(next, error, next.failures > retries ? 'RetriesExhausted' : 'EventAgeExceeded');
    }
    this.#journal.closed(queued.id);
  }

  /** Twice as long each time, in seconds, and never two events in step: they would find the same places taken again and again. */
  #pauseAfter(throttles: number): number {
    const { random = Math.random } = this.#options;
    return Math.min(longestPause, 2 ** (throttles - 1)) * (0.5 + 0.5 * random());
  }

  #giveUp({ handler, event, failures, throttles }: Queued, error: FunctionError, condition: Condition): void {
    const { onFailure, deadLetters } = this.#configs.get(handler.name) ?? {};
    const { queues, onDropped } = this.#options;
    const report = () => failureReport(handler, event, error, condition, failures + throttles);
    if (deadLetters !== undefined) queues.send(deadLetters, JSON.stringify(event));
    if (onFailure !== undefined) queues.send(onFailure, JSON.stringify(report()));
    if (deadLetters === undefined && onFailure === undefined) onDropped(handler, event, error);
  }
}

/** An event in Lambda's queue. */
interface Queued extends Required<Pick<PendingInvocation, 'event' | 'acceptedAt'>> {
  readonly id: string;
  readonly handler: LocalHandler;
  /** Attempts that the function failed. */
  readonly failures: number;
  /** Attempts for which there was no concurrency. */
  readonly throttles: number;
}

/** Why an event is not tried again. */
type Condition = 'RetriesExhausted' | 'EventAgeExceeded';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function failureReport(
  handler: LocalHandler,
  event: unknown,
  { isThrottle, failure }: FunctionError,
  condition: Condition,
  attempts: number,
) {
  return {
    version: '1.0',
    requestContext: { functionArn: `${handler.arn}:$LATEST`, condition, approximateInvokeCount: attempts },
    requestPayload: event,
    // A function that never ran has answered nothing.
    ...(!isThrottle && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: failure,
    }),
  };
}

function queueOf(arn: string, { logicalId, type }: LocalResource, queues: Queues): string {
  if (queues.has(arn)) return arn;
  throw new TemplateError(
    `${logicalId} (${type}) sends failures to ${arn}, for which there is no adapter: only queues of the template.`,
  );
}
