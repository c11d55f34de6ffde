import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { grantKeyThrough } from '../permissions/key-access.ts';

/** Reading the API key, and decrypting it where a KMS key of somebody's own encrypts it. */
export function grantApiKey(secret: ISecret, grantee: IGrantable & IConstruct): void {
  // Secrets Manager ends each ARN with six characters, which somebody who imports a secret by name does not know.
  const resourceArns = [secret.secretFullArn ?? `${secret.secretArn}-??????`];
  Grant.addToPrincipal({
    grantee,
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    resourceArns,
  });
  grantKeyThrough('secretsmanager', secret.encryptionKey, grantee, 'kms:Decrypt');
}
