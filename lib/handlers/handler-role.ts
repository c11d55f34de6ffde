import { Role } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../permissions/acknowledge-wildcard.ts';
import { letRunInVpc } from '../permissions/network-access.ts';
import { ownService } from '../permissions/own-service.ts';
import type { RelayPlatform } from '../platform/relay-platform.ts';

/**
 * A role for one handler, with what Lambda itself does in its name. The managed policies that CDK would attach may write to every log group
 * of the account.
 */
export class HandlerRole extends Role {
  constructor(scope: Construct, id: string, { network, tracingEnabled }: RelayPlatform, log: ILogGroup) {
    super(scope, id, { assumedBy: ownService(scope, 'lambda.amazonaws.com') });
    log.grantWrite(this);
    if (network) letRunInVpc(this);
    const reasons = [
      network && 'Network interfaces have their names from Lambda, which alone may make them.',
      tracingEnabled && 'X-Ray takes segments of whatever trace, and has no resource to name.',
    ].filter((reason) => typeof reason === 'string');
    if (reasons.length > 0) acknowledgeWildcard(this, '*', reasons.join(' '));
  }
}
