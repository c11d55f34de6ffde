import { type ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

/** Resources that are there already, by their name or ARN. */
const isArn = (given: string) => given.startsWith('arn:');

export const givenTable = (given: string, scope: Construct): ITable =>
  isArn(given) ? TableV2.fromTableArn(scope, 'Table', given) : TableV2.fromTableName(scope, 'Table', given);

export const givenBus = (given: string, scope: Construct): IEventBus =>
  isArn(given) ? EventBus.fromEventBusArn(scope, 'Bus', given) : EventBus.fromEventBusName(scope, 'Bus', given);

export const givenSecret = (given: string, scope: Construct): ISecret =>
  isArn(given) ? Secret.fromSecretCompleteArn(scope, 'ApiKey', given) : Secret.fromSecretNameV2(scope, 'ApiKey', given);
