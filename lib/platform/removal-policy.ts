import { RemovalPolicy } from 'aws-cdk-lib';
import type { RevealRelayProps } from '../reveal-relay-props.ts';

/** @throws Error where the policy is none of those that a store may have, or would not reach the table that is meant */
export function storesRemovalPolicy({ removalPolicy, table }: RevealRelayProps): RemovalPolicy | undefined {
  if (removalPolicy === undefined || removalPolicy === RemovalPolicy.RETAIN) return removalPolicy;
  if (removalPolicy !== RemovalPolicy.DESTROY) {
    throw new Error(`removalPolicy is ${removalPolicy}: give RemovalPolicy.RETAIN or RemovalPolicy.DESTROY.`);
  }
  if (table) {
    throw new Error(
      'removalPolicy is destroy, and table is one that the relay has not made and will not destroy: set the policy where the table is made, and leave removalPolicy out here, or leave table out.',
    );
  }
  return removalPolicy;
}
