import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

/**
 * Lets a role use a key through one service, and not by itself. In the role's own policy: CDK's grants of this kind go into the policy of the
 * key, which nobody can change for a key that is imported, and which would then name a role that names the key.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function grantKeyThrough(
  service: 'dynamodb' | 'secretsmanager' | 'sqs',
  key: IKey | undefined,
  grantee: IGrantable & IConstruct,
  ...actions: string[]
): void {
  if (!key) return;
  const conditions = {
    StringEquals: { 'kms:ViaService': `${service}.${Stack.of(grantee).region}.amazonaws.com` },
  };
  const statement = new PolicyStatement({ actions, resources: [key.keyArn], conditions });
  grantee.grantPrincipal.addToPrincipalPolicy(statement);
}

/** What DynamoDB does with the key of a table in the name of whoever uses the table. */
export const tableKeyActions = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'];
