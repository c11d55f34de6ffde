import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { outputNames } from '../lambdas/contract.ts';
import type { RevealRelay } from './reveal-relay.ts';

/**
 * Tells where the parts of a relay are, and what to do first. The commands in docs/operations.md read these outputs.
 *
 * @param prefix goes before the name of each output, to tell several relays of one stack apart: letters and digits
 */
export function addRelayOutputs(stack: Stack, relay: RevealRelay, prefix = ''): void {
  const output = (name: keyof typeof outputNames, value: string, description: string) =>
    new CfnOutput(stack, `${prefix}${outputNames[name]}`, { value, description });

  const { stateMachine, reveals, eventBus, apiKeySecret, api, deadLetters } = relay;
  output(
    'stateMachine',
    stateMachine.stateMachineArn,
    'Start a reveal: aws stepfunctions start-execution --state-machine-arn THIS --input \'{"taskId":"…"}\'',
  );
  output('api', api.url, 'The HTTP API');
  output('deadLetters', deadLetters.queueUrl, 'Events that came to nothing');
  const { sweep, sweeps } = relay.safetyNet;
  output('sweep', sweep.functionName, 'Does what was left undone');
  output('sweepSchedule', sweeps.scheduleName, 'What invokes it');
  output('revealsTable', reveals.tableName, 'Records and results');
  output('eventBus', eventBus.eventBusName, 'Completion events');
  output('apiKeySecret', apiKeySecret.secretArn, 'The Fiber API key');
  output(
    'fillApiKey',
    // The key goes neither into the shell's history nor into the list of processes.
    `read -rs KEY && printf %s "$KEY" | aws secretsmanager put-secret-value --secret-id ${apiKeySecret.secretArn} --secret-string file:///dev/stdin; unset KEY`,
    'Reveals wait for this: run it once after the first deployment. It shows nothing while you paste the key and press Enter',
  );
  if (relay.webhooks) {
    const receivers = relay.webhooks.receivers.map(({ name, queue, deadLetters, secret }) => ({
      name,
      queue: queue.queueUrl,
      deadLetters: deadLetters.queueUrl,
      secret: secret.secretArn,
    }));
    output('webhooks', stack.toJsonString(receivers), 'Who is told of reveals, and the secrets that sign it');
  }
  const { pollsPerMinute, startsPerMinute, keyShare, maxCreditsPerDay, fiberBaseUrl } = relay.settings;
  output(
    'settings',
    stack.toJsonString({ pollsPerMinute, startsPerMinute, keyShare, maxCreditsPerDay, fiberBaseUrl }),
    'What `npm run reveal -- doctor` compares with the account',
  );
}
