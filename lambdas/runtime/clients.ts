import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SdkClientOptions } from '../aws/sdk.ts';

/**
 * The SDK's clients, made here and nowhere else: once for each service, where a handler is wired. Each has connections of its own, and a
 * second client of a service would pay for another handshake and keep another socket that may be dead after a freeze.
 *
 * Functions and not one object of all of them: a handler's bundle holds the clients that it asks for.
 */
export function dynamoDB(options: SdkClientOptions): DynamoDBDocumentClient {
  const marshallOptions = { removeUndefinedValues: true };
  return DynamoDBDocumentClient.from(new DynamoDBClient(options), { marshallOptions });
}

export function stepFunctions(options: SdkClientOptions): SFNClient {
  return new SFNClient(options);
}

export function eventBridge(options: SdkClientOptions): EventBridgeClient {
  return new EventBridgeClient(options);
}

export function secretsManager(options: SdkClientOptions): SecretsManagerClient {
  return new SecretsManagerClient(options);
}

export function sqs(options: SdkClientOptions): SQSClient {
  // The SDK would call the queue's own address, past the endpoint that it was given in the environment.
  return new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
}
