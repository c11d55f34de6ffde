import type { IncomingMessage } from 'node:http';
import { place } from '../template/local-names.ts';
import type { MatchedRoute } from './http-routes.ts';

/** Bodies of these types reach the function as text, all others in base64. */
const textTypes = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded|[\w.+-]+\+(json|xml))\b)/i;

/**
 * A request in API Gateway's payload format 2.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(
  request: IncomingMessage,
  body: Buffer,
  { key, pathParameters }: MatchedRoute<string>,
  { id, now }: { id: string; now: number },
): Record<string, unknown> {
  const { method = '', headers: given, socket } = request;
  const [rawPath = '', ...query] = (request.url ?? '').split('?');
  const rawQueryString = query.join('?');
  const { cookie, ...rest } = given;
  const headers = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  const isText = body.length === 0 || textTypes.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: key,
    rawPath,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split(/; */) }),
    headers,
    ...(rawQueryString !== '' && { queryStringParameters: joined(new URLSearchParams(rawQueryString)) }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: {
      accountId: place.account,
      apiId: 'embedded',
      domainName: headers.host,
      domainPrefix: 'embedded',
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: socket.remoteAddress,
        userAgent: headers['user-agent'],
      },
      requestId: id,
      routeKey: key,
      stage: '$default',
      time: new Date(now).toISOString(),
      timeEpoch: now,
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: !isText,
  };
}

/** Values of the same name are joined by commas. */
function joined(parameters: URLSearchParams): Record<string, string> {
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(names.map((name) => [name, parameters.getAll(name).join(',')]));
}

/**
 * Whether a request was meant for this machine. A browser that is led here by somebody else's page gives itself away: by the
 * page's origin, or by a host name that was made to point here.
 */
export function isMeantForUs({ headers }: IncomingMessage): boolean {
  const { host = '', origin } = headers;
  return isOurs(`http://${host}`) && (origin === undefined || isOurs(origin));
}

/** The names by which this machine calls itself: what listens on loopback is reached by no other. */
const ourNames = new Set(['localhost', '127.0.0.1', '[::1]']);
const isOurs = (url: string) => URL.canParse(url) && ourNames.has(new URL(url).hostname);
