import { fileURLToPath } from 'node:url';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import { eventSource, eventTypes } from '../lambdas/contract.ts';
import type { RevealRelay } from '../lib/index.ts';

/** Hears of every reveal that has completed, and fetches what was found. */
export class Subscriber extends Construct {
  constructor(scope: Construct, id: string, { relay }: { relay: RevealRelay }) {
    super(scope, id);
    const fetchRecord = new NodejsFunction(this, 'FetchRecord', {
      entry: fileURLToPath(new URL('fetch-record.ts', import.meta.url)),
      runtime: Runtime.NODEJS_24_X,
      bundling: { format: OutputFormat.ESM },
    });
    relay.reveals.grant(fetchRecord, 'dynamodb:GetItem');
    new Rule(this, 'Completed', {
      eventBus: relay.eventBus,
      eventPattern: { source: [eventSource], detailType: [eventTypes.completed] },
      targets: [new LambdaFunction(fetchRecord)],
    });
  }
}
