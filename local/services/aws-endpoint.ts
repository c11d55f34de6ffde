import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError } from './aws-error.ts';
import { listenOnLoopback, readBody, stopListening } from './loopback.ts';

/** What a service answers to, by operation name. Input and output are the JSON of the AWS API. */
export type Operations = Readonly<Record<string, (input: Record<string, unknown>) => unknown>>;

export interface AwsEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

/** The largest request that DynamoDB takes; the others take less. */
const largestRequest = 16 * 1024 * 1024;

/**
 * Answers SDK clients in the place of AWS, on loopback: the JSON protocols (1.0 and 1.1), in which the operation is named
 * by the header `X-Amz-Target: <service>.<operation>`. Signatures are not checked.
 *
 * @param services operations by the service's name in that header
 * @param options.elsewhere addresses of services that have a server of their own, which they are handed on to
 * @param options.onRequest called for every request, before it is answered
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export async function startAwsEndpoint(
  services: Readonly<Record<string, Operations>>,
  {
    elsewhere = {},
    onRequest = () => {},
  }: { elsewhere?: Readonly<Record<string, string>>; onRequest?: () => void } = {},
): Promise<AwsEndpoint> {
  const server = createServer((request, response) => {
    onRequest();
    const [service = ''] = String(request.headers['x-amz-target']).split('.');
    const url = Object.hasOwn(elsewhere, service) ? elsewhere[service] : undefined;
    void (url === undefined ? respond(services, request, response) : handOn(url, request, response));
  });
  const url = await listenOnLoopback(server);
  return { url, close: () => stopListening(server) };
}

async function respond(
  services: Readonly<Record<string, Operations>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, largestRequest);
  if (body === undefined) return;
  response.setHeader('Content-Type', request.headers['content-type'] ?? 'application/x-amz-json-1.1');
  response.setHeader('x-amzn-RequestId', randomUUID());
  try {
    const output = await answer(services, String(request.headers['x-amz-target']), body);
    response.end(JSON.stringify(output ?? {}));
  } catch (error) {
    const { type, message, status } = error instanceof AwsError ? error : internal(error);
    response.writeHead(status).end(JSON.stringify({ __type: type, message }));
  }
}

/** Hands a request on as it is. It is made whole first: see `startTables`. */
async function handOn(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request, largestRequest);
  if (body === undefined) return;
  const { method, headers } = request;
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      requestOf(url, { method, headers }, resolve).once('error', reject).end(body);
    });
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    await pipeline(answer, response);
  } catch {
    // Whoever asked has gone, or the relay is being closed.
    response.destroy();
  }
}

function answer(services: Readonly<Record<string, Operations>>, target: string, body: Buffer): unknown {
  const [service = '', operation = ''] = target.split('.');
  const operations = Object.hasOwn(services, service) ? services[service] : undefined;
  const perform = operations && Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (!perform) {
    throw new AwsError(
      'UnknownOperationException',
      `The embedded relay has no adapter for ${target}: see local/deployment.ts.`,
    );
  }
  let input: unknown;
  try {
    input = JSON.parse(body.toString());
  } catch {
    throw new AwsError('SerializationException', 'The request is not JSON.');
  }
  return perform(input as Record<string, unknown>);
}

function internal(error: unknown): AwsError {
  return new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
}
