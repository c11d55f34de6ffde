import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { ApiKey } from '../../lambdas/aws/api-key.ts';

export type AwsOptions = SecretsManagerClientConfig;

/**
 * The key of a deployed relay, read from its secret as the relay reads it.
 *
 * @returns nothing where the secret holds no key, or may not be read
 * @throws Error when Secrets Manager does not answer, or nobody is logged in to AWS
 */
export async function keyInSecret(arn: string, aws: AwsOptions = {}): Promise<string | undefined> {
  const region = /^arn:[\w-]+:secretsmanager:([a-z0-9-]+):/.exec(arn)?.[1];
  const client = new SecretsManagerClient({ ...(region !== undefined && { region }), ...aws });
  try {
    return await new ApiKey(arn, { client, now: Date.now }).get();
  } finally {
    client.destroy();
  }
}
