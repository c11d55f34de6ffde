import { type Credentials, signature } from '../../lib/client/request-signature.ts';

/** One of the ways in which services of AWS are asked. */
export type ServiceRequest =
  | { readonly path: string }
  | { readonly form: Readonly<Record<string, string>> }
  | { readonly target: string; readonly json: object };

/** What the SDK calls a service in its settings, where that is not its host. */
const settingOf: Readonly<Record<string, string>> = { monitoring: 'CLOUDWATCH', logs: 'CLOUDWATCH_LOGS' };

/** Nobody at this address knows the service: it is the embedded relay, or another that stands in for a part of AWS. */
export class NoSuchService extends Error {
  override readonly name = 'NoSuchService';
}

/**
 * One signed request, in place of one more SDK client that only a check would need. It goes where the SDK's own settings say,
 * `AWS_ENDPOINT_URL_<SERVICE>` or `AWS_ENDPOINT_URL`, and else to AWS.
 *
 * @throws NoSuchService
 */
export async function askService(options: {
  service: string;
  region: string;
  partition: string | undefined;
  credentials: () => Promise<Credentials>;
  request: ServiceRequest;
}): Promise<string> {
  const { service, region, partition, request } = options;
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const { env } = process;
  const given = env[`AWS_ENDPOINT_URL_${settingOf[service] ?? service.toUpperCase()}`] ?? env.AWS_ENDPOINT_URL;
  const url = new URL('path' in request ? request.path : '/', given ?? `https://${service}.${region}.${suffix}`);
  const { method, headers, body } = onTheWire(request);
  const credentials = await options.credentials();
  const signed = await signature({ method, url, headers, body, region, service, credentials });
  const answer = await fetch(url, {
    method,
    headers: signed,
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await answer.text();
  if (answer.ok) return text;
  if (text.includes('UnknownOperationException') || answer.status === 501) throw new NoSuchService(service);
  throw new Error(`${service} answered ${answer.status}: ${text.slice(0, 300)}`);
}

function onTheWire(request: ServiceRequest): {
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
} {
  if ('path' in request) return { method: 'GET', headers: {}, body: undefined };
  if ('form' in request) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    return { method: 'POST', headers, body: new URLSearchParams(request.form).toString() };
  }
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': request.target };
  return { method: 'POST', headers, body: JSON.stringify(request.json) };
}

/** The texts of all elements of a name, in order: each thing that is listed has one. */
export const textsOf = (xml: string, element: string): string[] =>
  [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text = '']) => text);
