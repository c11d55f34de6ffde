import { Validations } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** The wildcards that CDK puts into the role of the workflow. Leave this out if your app is not checked by cdk-nag. */
export function acknowledgeWildcards(workflow: StateMachine): void {
  const executions =
    'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"RevealsWorkflowStateMachineC2057BF5"}]}]}*';
  Validations.of(workflow).acknowledge(
    { id: `AwsSolutions-IAM5[Resource::${executions}]`, reason: 'Executions get their names at run time.' },
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray and the delivery of logs know no resources.' },
  );
}
