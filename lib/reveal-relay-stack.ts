import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { outputNames } from '../lambdas/contract.ts';
import { RevealRelay, type RevealRelayProps } from './reveal-relay.ts';

export interface RevealRelayStackProps extends StackProps {
  /** What the relay is set up with. @default - the relay's own defaults */
  readonly relay?: RevealRelayProps;
}

/** The relay on its own: what `cdk deploy` ships from this repository. */
export class RevealRelayStack extends Stack {
  readonly relay: RevealRelay;

  constructor(scope: Construct, id: string, props: RevealRelayStackProps = {}) {
    super(scope, id, props);
    this.relay = new RevealRelay(this, 'Relay', props.relay);

    const { stateMachine, reveals, eventBus, apiKeySecret, api, deadLetters } = this.relay;
    new CfnOutput(this, outputNames.stateMachine, {
      value: stateMachine.stateMachineArn,
      description:
        'Start a reveal: aws stepfunctions start-execution --state-machine-arn THIS --input \'{"taskId":"…"}\'',
    });
    new CfnOutput(this, outputNames.api, { value: api.url, description: 'The HTTP API' });
    new CfnOutput(this, outputNames.deadLetters, {
      value: deadLetters.queueUrl,
      description: 'Events that came to nothing',
    });
    const { sweep, sweeps } = this.relay.safetyNet;
    new CfnOutput(this, outputNames.sweep, { value: sweep.functionName, description: 'Does what was left undone' });
    new CfnOutput(this, outputNames.sweepSchedule, { value: sweeps.scheduleName, description: 'What invokes it' });
    new CfnOutput(this, outputNames.revealsTable, { value: reveals.tableName, description: 'Records and results' });
    new CfnOutput(this, outputNames.eventBus, { value: eventBus.eventBusName, description: 'Completion events' });
    new CfnOutput(this, outputNames.apiKeySecret, { value: apiKeySecret.secretArn, description: 'The Fiber API key' });
    new CfnOutput(this, outputNames.fillApiKey, {
      value: `aws secretsmanager put-secret-value --secret-id ${apiKeySecret.secretArn} --secret-string YOUR_FIBER_API_KEY`,
      description: 'Reveals wait for this: run it once after the first deployment',
    });
  }
}
