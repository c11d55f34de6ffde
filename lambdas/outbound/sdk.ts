import { RelayFault, safeErrorName } from '../reveal/errors.ts';

/** Without `throwOnRequestTimeout` the SDK's request timeout only prints a warning. */
export const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true } as const;

/** For a handler that is called again when it fails, by Step Functions or by Lambda: one attempt, one retry layer. */
export const sdkClientOptions = { maxAttempts: 1, requestHandler } as const;
/** For a handler that answers a caller and has nobody above it to try again: the SDK's own three attempts. */
export const answeringClientOptions = { maxAttempts: 3, requestHandler } as const;
/**
 * For starting executions behind the bus: a burst of requests meets the rate limit of StartExecution, which is over in seconds. Lambda
 * would try again after minutes, with the whole burst at once.
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
    throw new RelayFault(service, safeErrorName(error));
  }
}
