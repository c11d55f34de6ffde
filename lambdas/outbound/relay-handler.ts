import { Logger } from '@aws-lambda-powertools/logger';
import type { HandlerName } from '../contract.ts';
import { isRelayError, RelayFault, safeErrorName } from '../reveal/errors.ts';
import { Environment } from './environment.ts';

/** What a handler is wired with by its surroundings. */
export interface Surroundings {
  environment: Environment;
  /** Unix milliseconds. */
  now: () => number;
  log: Logger;
}

/**
 * A Lambda entry point around a plain function. It wires the function on the first call, so that a missing setting is an
 * error with a name in the execution and not a crash before it, and it lets no error out that is not one of ours: the
 * runtime prints and Step Functions keeps every property of what a handler throws.
 */
export function relayHandler<Input, Output>(
  name: HandlerName,
  wire: (surroundings: Surroundings) => (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  const log = new Logger({ serviceName: `reveal-relay-${name}` });
  let wired: ((input: Input) => Promise<Output>) | undefined;
  return async (input) => {
    try {
      wired ??= wire({ environment: new Environment(process.env), now: Date.now, log });
      return await wired(input);
    } catch (error) {
      const safe = isRelayError(error) ? error : new RelayFault(name, safeErrorName(error));
      log.error('handler failed', { errorName: safe.name, problem: safe.message });
      throw safe;
    }
  };
}
