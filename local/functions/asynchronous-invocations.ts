import { randomUUID } from 'node:crypto';
import type { Queues } from '../services/queues.ts';
import { type LocalResource, type LocalStack, TemplateError } from '../template/template.ts';
import type { RelayTimers } from '../time/relay-time.ts';
import { Journal } from '../workflow/journal.ts';
import { FunctionError, type LocalHandler } from './handlers.ts';

/** How long Lambda waits before the second and the third attempt, in seconds. */
const retryDelays = [60, 120];

/** What happens to an event that a function fails on. */
interface InvokeConfig {
  readonly retries: number;
  /** ARN of a queue for a report with the event in it. */
  readonly onFailure?: string;
  /** ARN of a queue for the event itself. */
  readonly deadLetters?: string;
}

/** An invocation as it is journaled, from when it was accepted until it has succeeded or was given up on. */
export interface PendingInvocation {
  readonly functionArn: string;
  readonly event: unknown;
}

export interface AsynchronousInvocationsOptions {
  readonly stack: LocalStack;
  readonly queues: Queues;
  readonly timers: RelayTimers;
  /** All attempts have failed and there is no queue for what is left over. */
  readonly onDropped: (handler: LocalHandler, event: unknown, error: FunctionError) => void;
  /** What has been accepted and is not done. @default - in memory */
  readonly journal?: Journal<PendingInvocation>;
}

/**
 * Invocations whose answer nobody waits for, as Lambda does them for EventBridge: a failed one is tried twice more, unless
 * the template says otherwise, and then goes to the function's dead letters.
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
        ...(deadLetters !== undefined && { deadLetters: queueOf(deadLetters, resource, options.queues) }),
      });
    }
    for (const resource of options.stack.ofType('AWS::Lambda::EventInvokeConfig')) {
      const { FunctionName, MaximumRetryAttempts, DestinationConfig } = resource.properties();
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
        ...(onFailure !== undefined && { onFailure: queueOf(onFailure, resource, options.queues) }),
      });
    }
    this.#configs = configs;
  }

  /** Accepts an event for a function: by the time that this returns, it is sure to be delivered at least once. */
  invoke(handler: LocalHandler, event: unknown): void {
    const id = randomUUID();
    this.#journal.opened(id, { functionArn: handler.arn, event });
    void this.#attempt(id, handler, event);
  }

  /** Goes on with what an earlier process had accepted, from the first attempt. What has no function any more is dropped. */
  resume(handlers: ReadonlyMap<string, LocalHandler>): void {
    for (const [id, { functionArn, event }] of [...this.#journal.open]) {
      const handler = handlers.get(functionArn);
      if (handler) void this.#attempt(id, handler, event);
      else this.#journal.closed(id);
    }
  }

  /** Notes nothing from here on: that a function fails because it is ended says nothing about the event. */
  stop(): void {
    this.#stopped = true;
  }

  async #attempt(id: string, handler: LocalHandler, event: unknown, failedAttempts = 0): Promise<void> {
    try {
      await handler.invoke(event);
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      if (this.#stopped) return;
      const { retries = 0 } = this.#configs.get(handler.name) ?? {};
      if (failedAttempts < retries) {
        const delay = (retryDelays[failedAttempts] ?? 0) * 1_000;
        this.#options.timers.set(() => void this.#attempt(id, handler, event, failedAttempts + 1), delay);
        return;
      }
      this.#giveUp(handler, event, error, failedAttempts + 1);
    }
    this.#journal.closed(id);
  }

  #giveUp(handler: LocalHandler, event: unknown, error: FunctionError, attempts: number): void {
    const { onFailure, deadLetters } = this.#configs.get(handler.name) ?? {};
    const { queues, onDropped } = this.#options;
    if (deadLetters !== undefined) queues.send(deadLetters, JSON.stringify(event));
    if (onFailure !== undefined) queues.send(onFailure, JSON.stringify(failureReport(handler, event, error, attempts)));
    if (deadLetters === undefined && onFailure === undefined) onDropped(handler, event, error);
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function failureReport(handler: LocalHandler, event: unknown, { failure }: FunctionError, attempts: number) {
  return {
    version: '1.0',
    requestContext: {
      functionArn: `${handler.arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: attempts,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: failure,
  };
}

function queueOf(arn: string, { logicalId, type }: LocalResource, queues: Queues): string {
  if (queues.has(arn)) return arn;
  throw new TemplateError(
    `${logicalId} (${type}) sends failures to ${arn}, for which there is no adapter: only queues of the template.`,
  );
}
