import { ArnFormat, Stack } from 'aws-cdk-lib';
import { type IPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * A service of AWS, as long as it works for this account: nobody else can have it use the role.
 *
 * @param source of which resources, where the service says so and their names do not depend on the role
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
 */
export function ownService(
  scope: IConstruct,
  service: `${string}.amazonaws.com`,
  source?: { resource: string; resourceName: string; arnFormat?: ArnFormat },
): IPrincipal {
  const stack = Stack.of(scope);
  const [name = ''] = service.split('.');
  return new ServicePrincipal(service, {
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ...(source && {
        ArnLike: {
          'aws:SourceArn': stack.formatArn({ service: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME, ...source }),
        },
      }),
    },
  });
}
