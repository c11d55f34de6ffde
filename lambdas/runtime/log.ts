import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@aws-lambda-powertools/logger';

/** What a line may say beside its message: ids, names, counts and times; never contact data, never a key. */
export type LogFacts = Record<string, unknown>;

/** What the rest of the code prints with. Each line carries the id of the invocation that it belongs to. */
export interface Log {
  info(message: string, facts: LogFacts): void;
  error(message: string, facts: LogFacts): void;
}

export interface InvocationLog extends Log {
  /** Runs one invocation. Several may go on in one process, so its id goes with it, and not with the process. */
  during<Result>(requestId: string | undefined, invocation: () => Promise<Result>): Promise<Result>;
}

export function invocationLog(serviceName: string): InvocationLog {
  const logger = new Logger({ serviceName });
  const invocation = new AsyncLocalStorage<{ requestId: string | undefined }>();
  // Lambda's own JSON lines have it under this name, so one query finds both.
  const withId = (facts: LogFacts) => ({ requestId: invocation.getStore()?.requestId, ...facts });
  return {
    info: (message, facts) => logger.info(message, withId(facts)),
    error: (message, facts) => logger.error(message, withId(facts)),
    during: (requestId, run) => invocation.run({ requestId }, run),
  };
}
