import { isThrottlingError } from '@smithy/core/retry';
import { type FaultFacts, RelayFault, safeErrorName } from '../reveal/errors.ts';
import { OnceMoreAfterDeadSocket } from './dead-sockets.ts';

/** Without `throwOnRequestTimeout` the SDK's request timeout only prints a warning. */
export const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true } as const;

/**
 * For a handler that is called again when it fails, by Step Functions or by Lambda: one attempt, one retry layer. A dead socket is no
 * failure of the service, and gets a second one.
 */
export const sdkClientOptions = {
  maxAttempts: 1,
  requestHandler,
  retryStrategy: new OnceMoreAfterDeadSocket(),
} as const;
/** For a handler that answers a caller and has nobody above it to try again: the SDK's own three attempts. */
export const answeringClientOptions = { maxAttempts: 3, requestHandler } as const;
/**
 * Behind the bus: a burst of requests meets the rate limit of StartExecution, or a table that has not grown to it, and both are over in
 * seconds. Lambda would try again after minutes, with the whole burst at once.
 */
export const burstClientOptions = { maxAttempts: 6, requestHandler } as const;

export type SdkClientOptions = typeof sdkClientOptions | typeof answeringClientOptions | typeof burstClientOptions;

/**
 * Makes one SDK call. Its failure becomes a `RelayFault` that repeats the failure's name alone: the messages and fields
 * of SDK errors can hold whole items.
 */
export async function attempt<Answer>(service: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw new RelayFault(service, safeErrorName(error), factsOf(error));
  }
}

const looksLikeAnId = /^[\w-]{1,64}$/;

function factsOf(error: unknown): FaultFacts {
  if (!(error instanceof Error)) return {};
  const { code, $metadata } = error as { code?: unknown; $metadata?: { requestId?: unknown } };
  const awsRequestId = $metadata?.requestId;
  return {
    ...(typeof code === 'string' && looksLikeAnId.test(code) && { code }),
    ...(typeof awsRequestId === 'string' && looksLikeAnId.test(awsRequestId) && { awsRequestId }),
    ...(isThrottlingError(error as Parameters<typeof isThrottlingError>[0]) && { isThrottle: true }),
  };
}
