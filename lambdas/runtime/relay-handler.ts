import type { HandlerName, SettingsOf } from '../contract.ts';
import { isRelayError, loggedFacts, RelayFault, safeErrorName } from '../reveal/errors.ts';
import { proxyEnvironment, settingsOf, type Variables } from './environment.ts';
import { invocationLog, type Log } from './log.ts';

/** What a handler is wired with. */
export interface HandlerContext<Handler extends HandlerName> {
  /** What `contract.ts` lists for this handler, and nothing else. */
  settings: SettingsOf<Handler>;
  /** Where to look for a proxy, if Node is told to use one. */
  proxyEnvironment: Variables | undefined;
  /** Unix milliseconds. */
  now: () => number;
  log: Log;
}

/** As much of Lambda's context as is used here. */
export interface LambdaContext {
  awsRequestId?: string;
  getRemainingTimeInMillis?: () => number;
}

/**
 * A Lambda entry point around a plain function. It wires the function on the first call, so that a missing setting is an
 * error with a name in the execution and not a crash before it, and it lets no error out that is not one of ours: the
 * runtime prints and Step Functions keeps every property of what a handler throws.
 */
export function relayHandler<Handler extends HandlerName, Input, Output>(
  name: Handler,
  wire: (context: HandlerContext<Handler>) => (input: Input, context: LambdaContext) => Promise<Output>,
): (input: Input, context?: LambdaContext) => Promise<Output> {
  const log = invocationLog(`reveal-relay-${name}`);
  let wired: ReturnType<typeof wire> | undefined;
  return (input, context = {}) =>
    log.during(context.awsRequestId, async () => {
      try {
        wired ??= wire({
          settings: settingsOf(name, process.env),
          proxyEnvironment: proxyEnvironment(process.env),
          now: Date.now,
          log,
        });
        return await wired(input, context);
      } catch (error) {
        const safe = isRelayError(error) ? error : new RelayFault(name, safeErrorName(error));
        log.error('handler failed', loggedFacts(safe));
        throw safe;
      }
    });
}
