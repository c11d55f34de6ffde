import { fileURLToPath } from 'node:url';
import { Duration, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { RevealRelay } from 'reveal-relay';
import { eventSource, eventTypes } from 'reveal-relay/events';

export interface HubSpotSubscriberProps {
  readonly relay: RevealRelay;
  /** The token of a private app that may write contacts. */
  readonly token: ISecret;
  /** @default https://api.hubapi.com */
  readonly hubSpotUrl?: string;
}

/** Writes every completed reveal to HubSpot. The queue waits out what HubSpot refuses for a while; what it refuses for good is kept. */
export class HubSpotSubscriber extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { relay, token, hubSpotUrl }: HubSpotSubscriberProps) {
    super(scope, id);
    const timeout = Duration.seconds(60);
    this.deadLetters = new Queue(this, 'DeadLetters', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    const queue = new Queue(this, 'Completed', {
      enforceSSL: true,
      // As long as Lambda may need for a batch, six times over.
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    new Rule(this, 'Rule', {
      eventBus: relay.eventBus,
      eventPattern: { source: [eventSource], detailType: [eventTypes.completed] },
      targets: [new SqsQueue(queue)],
    });

    const toHubSpot = new NodejsFunction(this, 'ToHubSpot', {
      entry: fileURLToPath(new URL('to-hubspot.ts', import.meta.url)),
      runtime: Runtime.NODEJS_24_X,
      bundling: { format: OutputFormat.ESM },
      timeout,
      environment: { HUBSPOT_URL: hubSpotUrl ?? 'https://api.hubapi.com', HUBSPOT_TOKEN_SECRET: token.secretArn },
    });
    // Two at once keep within HubSpot's limit of requests, whatever is in the queue.
    toHubSpot.addEventSource(
      new SqsEventSource(queue, { batchSize: 5, reportBatchItemFailures: true, maxConcurrency: 2 }),
    );
    toHubSpot.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [relay.reveals.tableArn] }),
    );
    token.grantRead(toHubSpot);

    Validations.of(toHubSpot).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason: 'It writes its log, and nothing else.',
    });

    new Alarm(this, 'NotWritten', {
      alarmDescription:
        'Reveals that HubSpot has refused five times: look at the log, then redrive the dead-letter queue.',
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible(),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
