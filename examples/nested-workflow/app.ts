import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  IntegrationPattern,
  JsonPath,
  LogLevel,
  Pass,
  StateMachine,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { addRelayOutputs, RevealRelay } from 'reveal-relay';
import { acknowledgeWildcards } from './acknowledged.ts';

const app = new App();
const stack = new Stack(app, 'Enrichment');
const relay = new RevealRelay(stack, 'Reveals');

// Waits for as long as the relay does. The input is a task that has been started already: an execution keeps its input in its
// history, which is no place for a person's profile.
const reveal = new StepFunctionsStartExecution(stack, 'Reveal', {
  stateMachine: relay.stateMachine,
  integrationPattern: IntegrationPattern.RUN_JOB,
  input: TaskInput.fromObject({ taskId: JsonPath.stringAt('$.taskId') }),
  // Shows this execution beside the relay's own in the console.
  associateWithParent: true,
  resultSelector: { 'output.$': '$.Output' },
  resultPath: '$.reveal',
});

// What the relay's execution ends with has counts and no contact data. A later state reads the record, and hands it to nobody's history.
const found = Condition.numberGreaterThan('$.reveal.output.found.emails', 0);
const workflow = reveal
  .addCatch(new Fail(stack, 'NotRevealed', { errorPath: '$.notRevealed.Error', causePath: '$.notRevealed.Cause' }), {
    errors: ['States.TaskFailed'],
    resultPath: '$.notRevealed',
  })
  .next(
    new Choice(stack, 'Found?')
      .when(Condition.and(Condition.isPresent('$.reveal.output.found'), found), new Pass(stack, 'WriteToThem'))
      .otherwise(new Pass(stack, 'LookElsewhere')),
  );

const enrich = new StateMachine(stack, 'Enrich', {
  definitionBody: DefinitionBody.fromChainable(workflow),
  timeout: Duration.hours(13),
  tracingEnabled: true,
  logs: { destination: new LogGroup(stack, 'Log', { retention: RetentionDays.ONE_MONTH }), level: LogLevel.ALL },
});
acknowledgeWildcards(enrich);

addRelayOutputs(stack, relay);
new CfnOutput(stack, 'TryIt', {
  description: 'Start an execution with a task that you have started at the vendor',
  value: `aws stepfunctions start-execution --state-machine-arn ${enrich.stateMachineArn} --input '{"taskId":"…"}'`,
});
