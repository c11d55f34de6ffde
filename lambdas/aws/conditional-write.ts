import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { attempt } from './sdk.ts';

/**
 * Makes one conditional write. Answers false if its condition does not hold.
 *
 * @throws RelayFault
 */
export function unlessConditionFails(write: () => Promise<unknown>): Promise<boolean> {
  return attempt('DynamoDB', async () => {
    try {
      await write();
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });
}
