import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { EventBridgeEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { RevealEvent } from 'reveal-relay/events';
import { type RevealRecord, recordKey } from 'reveal-relay/record';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
const secrets = new SecretsManagerClient();
let token: Promise<string> | undefined;

/**
 * Writes what was found to the contact that the reveal's `reference` names. To write it twice does no harm, so that copies of an event
 * need no guard; whoever does more should look at `eventId` first, see `once` in `reveal-relay/events`.
 *
 * @returns the messages to try again: SQS hands them over later, and to the dead-letter queue after the fifth time
 */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of Records) {
    const { detail }: EventBridgeEvent<'Contact Reveal Completed', RevealEvent> = JSON.parse(body);
    try {
      await write(detail);
    } catch (error) {
      // Ids and states only: contact data stays out of the log.
      const { name, message } = error as Error;
      console.error(JSON.stringify({ revealId: detail.revealId, name, message }));
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

async function write({ reference, record: pointer }: RevealEvent): Promise<void> {
  if (reference === undefined) return;
  const { table, revealId } = pointer;
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: recordKey(revealId), ConsistentRead: true }),
  );
  const record = Item as RevealRecord | undefined;
  // Erased since, or more than one item holds: GET /reveals/{id} answers for both.
  if (!record?.result) return;
  const properties = contactProperties(record.result);
  if (Object.keys(properties).length === 0) return;

  const answer = await fetch(`${process.env.HUBSPOT_URL}/crm/v3/objects/contacts/${encodeURIComponent(reference)}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${await hubSpotToken()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ properties }),
    signal: AbortSignal.timeout(10_000),
  });
  await answer.body?.cancel();
  if (answer.status === 401) token = undefined;
  // What it has answered may repeat what it was sent: its status says enough.
  if (!answer.ok) throw new Error(`HubSpot answered ${answer.status}`);
}

/** In the names of HubSpot's own properties; work addresses come first. */
function contactProperties({ emails, phoneNumbers }: NonNullable<RevealRecord['result']>): Record<string, string> {
  const email = (emails.find(({ type }) => type === 'work') ?? emails[0])?.email;
  const mobile = phoneNumbers.find(({ type }) => type === 'mobile')?.number;
  const phone = phoneNumbers.find(({ type }) => type !== 'mobile')?.number;
  return { ...(email && { email }), ...(mobile && { mobilephone: mobile }), ...(phone && { phone }) };
}

/** The token of a private app, read once and again after a refusal. */
function hubSpotToken(): Promise<string> {
  token ??= secrets
    .send(new GetSecretValueCommand({ SecretId: String(process.env.HUBSPOT_TOKEN_SECRET) }))
    .then(({ SecretString = '' }) => SecretString);
  token.catch(() => {
    token = undefined;
  });
  return token;
}
