import { ConfiguredRetryStrategy } from '@smithy/core/retry';

/**
 * A connection that died while its container was frozen, found out by the first request on it. Other failures of the network are none of
 * these: a refused connection, or one that takes too long, is a service that does not answer, and worth a pause that others make.
 */
const deadSocket = new Set(['ECONNRESET', 'EPIPE']);

type Refresh = ConfiguredRetryStrategy['refreshRetryTokenForRetry'];

/**
 * One attempt, and at once one more on another connection where the first one turned out to be dead. Whatever a service has answered is
 * not asked again here. The first request may have come through all the same: each of our writes recognises its own earlier self.
 * @see https://github.com/aws/aws-sdk-js-v3/issues/1196
 */
export class OnceMoreAfterDeadSocket extends ConfiguredRetryStrategy {
  constructor() {
    super(2, 0);
  }

  override async refreshRetryTokenForRetry(...[token, info]: Parameters<Refresh>): ReturnType<Refresh> {
    const { error } = info;
    if (!(error instanceof Error && 'code' in error && deadSocket.has(String(error.code)))) throw error;
    return super.refreshRetryTokenForRetry(token, info);
  }
}
