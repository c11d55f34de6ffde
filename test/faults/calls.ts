import type { IncomingHttpHeaders } from 'node:http';

/** A request of a handler to a service, on its way. */
export interface Call {
  /** The handler's name in the construct tree, such as `Poll`. */
  readonly handler: string;
  /** Where it goes and what it asks for, such as `reveals.GetItem`: see {@link operationOf}. */
  readonly operation: string;
  readonly body: string;
}

/**
 * Names a call by what it is for: `reveals.*`, `parts.*` (of a large answer), `relay.*`, `credits.*`, `deliveries.*`, `switches.*`, `budget.*`, `starts.*` and
 * `durations.*` for the tables, `secret.*`, `bus.*`, `executions.*` and `queue.*` for the other services.
 */
export function operationOf(headers: IncomingHttpHeaders, body: string): string {
  const [service = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  return `${service.startsWith('DynamoDB') ? itemOf(body) : (services[service] ?? service)}.${operation}`;
}

const services: Readonly<Record<string, string>> = {
  secretsmanager: 'secret',
  AWSEvents: 'bus',
  AWSStepFunctions: 'executions',
  AmazonSQS: 'queue',
};

interface DynamoInput {
  TableName?: string;
  Key?: Item;
  Item?: Item;
}
type Item = Readonly<Record<string, { S?: string } | undefined>>;

function itemOf(body: string): string {
  const { TableName = '', Key, Item } = JSON.parse(body) as DynamoInput;
  const item = Key ?? Item;
  if (TableName.includes('PollBudget')) return item?.id?.S ?? 'budget';
  const part = item?.part?.S ?? '';
  if (part === 'relay' || part === 'credits') return part;
  if (part === 'off') return 'switches';
  if (part.startsWith('delivery#')) return 'deliveries';
  return part.startsWith('answer#') ? 'parts' : 'reveals';
}

/** Whether a call sets a record's status to `completed`: storing a result is one of these that succeeds. */
export function storesResult({ operation, body }: Call): boolean {
  if (operation !== 'reveals.UpdateItem') return false;
  const { UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues } = JSON.parse(body) as {
    UpdateExpression: string;
    ExpressionAttributeNames: Record<string, string>;
    ExpressionAttributeValues: Record<string, { S?: string }>;
  };
  return [...UpdateExpression.matchAll(/(#\w+) = (:\w+)/g)].some(
    ([, name = '', value = '']) =>
      ExpressionAttributeNames[name] === 'status' && ExpressionAttributeValues[value]?.S === 'completed',
  );
}
