import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What the shortest of AWS's limits leaves for a name: that of an event bus. */
const longestName = 256;

/**
 * A name for what needs one that CloudFormation does not make up: the stack's name and where the construct is in it. Two stacks of an
 * account never share the first, two constructs of a stack never the second, and no setting is part of either.
 *
 * CDK's own default for an event bus is made of ids in the app. Two apps of the same shape, such as one app deployed under two stack
 * names, get the same.
 */
export function physicalName(scope: IConstruct, id: string): string {
  let stack = Stack.of(scope);
  // The name of a nested stack is not known before it is deployed.
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  const place = [...scope.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id), id];
  // Ids may differ in what a name cannot have, or where one ends and the next begins.
  const hash = createHash('sha256').update(place.join('/')).digest('hex').slice(0, 8);
  const readable = [stack.stackName, ...place.map((id) => id.replace(/[^A-Za-z0-9_-]/g, ''))].join('-');
  return `${readable.slice(0, longestName - hash.length - 1)}-${hash}`;
}
