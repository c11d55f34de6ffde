import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { CfnStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { RevealHandler } from '../handlers/reveal-handler.ts';
import { acknowledgeWildcard } from './acknowledge-wildcard.ts';

/** Lets a handler do these things with the executions of a state machine. Their names are made at run time, so the resource has a wildcard. */
export function grantOnExecutions(handler: RevealHandler, stateMachine: StateMachine, ...actions: string[]): void {
  const { attrName } = stateMachine.node.defaultChild as CfnStateMachine;
  const executions = Stack.of(handler).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${attrName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  handler.addToRolePolicy(new PolicyStatement({ actions, resources: [executions] }));
  const reason = 'Executions of this one state machine, whose names are made at run time.';
  acknowledgeWildcard(handler.role as Role, executions, reason);
}
