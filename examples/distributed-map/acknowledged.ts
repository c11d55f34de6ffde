import { Validations } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** The wildcards that CDK puts into the roles of the workflow. Leave this out if your app is not checked by cdk-nag. */
export function acknowledgeWildcards(workflow: StateMachine): void {
  const executionsOf = (logicalId: string) =>
    `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"${logicalId}"}]}]}`;
  const named = 'Executions get their names at run time.';
  Validations.of(workflow).acknowledge(
    { id: `AwsSolutions-IAM5[Resource::${executionsOf('RevealsWorkflowStateMachineC2057BF5')}*]`, reason: named },
    { id: `AwsSolutions-IAM5[Resource::${executionsOf('RevealAllB5DB129A')}:*]`, reason: named },
    { id: `AwsSolutions-IAM5[Resource::${executionsOf('RevealAllB5DB129A')}/*:*]`, reason: named },
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<Files8E6940B8>/*]',
      reason: 'The file is named when an execution is started; the results go beside it.',
    },
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray and the delivery of logs know no resources.' },
  );
}
