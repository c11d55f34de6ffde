import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { EventBridgeEvent } from 'aws-lambda';
import type { RevealEvent } from '../lambdas/consumer.ts';
import { type RevealRecord, recordKey } from '../lambdas/record.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient());

/**
 * The event has counts and a pointer; the contact data is where the pointer leads. Events arrive at least once: whoever does
 * more than overwrite should look at `eventId` first, see `once` in `reveal-relay/events`.
 */
export async function handler({ detail }: EventBridgeEvent<'Contact Reveal Completed', RevealEvent>): Promise<void> {
  const { table, revealId } = detail.record;
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: recordKey(revealId), ConsistentRead: true }),
  );
  const record = Item as RevealRecord | undefined;
  // Erased since, or more than one item holds: GET /reveals/{id} answers for both.
  if (!record?.result) return;
  // Hand record.result.emails and record.result.phoneNumbers to your CRM here, and keep them out of the log.
  console.log(JSON.stringify({ revealId, reference: detail.reference, emails: record.result.emails.length }));
}
