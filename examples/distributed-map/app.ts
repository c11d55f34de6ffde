import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import {
  CsvHeaders,
  DefinitionBody,
  DistributedMap,
  IntegrationPattern,
  JsonPath,
  LogLevel,
  ResultWriterV2,
  S3CsvItemReader,
  StateMachine,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { addRelayOutputs, RevealRelay } from 'reveal-relay';
import { acknowledgeWildcards } from './acknowledged.ts';

const app = new App();
const stack = new Stack(app, 'RevealsOfAFile');
const relay = new RevealRelay(stack, 'Reveals');

const bucket = new Bucket(stack, 'Files', {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  versioned: true,
  serverAccessLogsPrefix: 'access/',
  lifecycleRules: [{ expiration: Duration.days(30), noncurrentVersionExpiration: Duration.days(1) }],
  removalPolicy: RemovalPolicy.RETAIN,
});

// One child for each row of a file with the column `taskId`. Ids alone: a child's input stays in its history for 90 days, so a list of
// people's profiles goes to POST /reveals/batch instead, or through `npm run reveal -- csv`.
const reveal = new StepFunctionsStartExecution(stack, 'Reveal', {
  stateMachine: relay.stateMachine,
  integrationPattern: IntegrationPattern.RUN_JOB,
  input: TaskInput.fromObject({ taskId: JsonPath.stringAt('$.taskId'), priority: 'bulk' }),
  associateWithParent: true,
  resultSelector: { 'output.$': '$.Output' },
});
const forEachRow = new DistributedMap(stack, 'ForEachRow', {
  itemReader: new S3CsvItemReader({
    bucket,
    key: JsonPath.stringAt('$.key'),
    csvHeaders: CsvHeaders.useFirstRow(),
  }),
  itemSelector: { 'taskId.$': '$$.Map.Item.Value.taskId' },
  // More children do not poll faster: all share one poll budget. A thousand keep it busy.
  maxConcurrency: 1_000,
  // A reveal that finds nobody fails its child, and no other.
  toleratedFailurePercentage: 100,
  resultWriterV2: new ResultWriterV2({ bucket, prefix: 'results' }),
}).itemProcessor(reveal);

const revealAll = new StateMachine(stack, 'RevealAll', {
  definitionBody: DefinitionBody.fromChainable(forEachRow),
  tracingEnabled: true,
  logs: { destination: new LogGroup(stack, 'Log', { retention: RetentionDays.ONE_MONTH }), level: LogLevel.ALL },
});
acknowledgeWildcards(revealAll);

addRelayOutputs(stack, relay);
new CfnOutput(stack, 'TryIt', {
  description: 'Reveal the tasks of tasks.csv, whose first line is taskId',
  value: `aws s3 cp tasks.csv s3://${bucket.bucketName}/ && aws stepfunctions start-execution --state-machine-arn ${revealAll.stateMachineArn} --input '{"key":"tasks.csv"}'`,
});
