import { RelayFault, safeErrorName } from '../reveal/errors.ts';

/**
 * How every SDK client of the workflow's handlers is set up. One attempt: Step Functions is the retry layer. Without
 * `throwOnRequestTimeout` the SDK's request timeout only prints a warning.
 */
export const sdkClientOptions = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
} as const;

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
