import { Sha256Node } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

/** What a request is signed with. */
export interface Credentials {
  /** Not secret: AWS shows it in logs. */
  readonly accessKeyId: string;
  /** Signs, and is never sent. */
  readonly secretAccessKey: string;
  /** Of credentials that expire, as those of a role do. */
  readonly sessionToken?: string | undefined;
}

export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string | undefined;
  /** Signed as well. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  readonly region: string;
  /** @default 'execute-api' */
  readonly service?: string;
  readonly credentials: Credentials;
  /** @default now */
  readonly at?: Date;
}

/**
 * The headers that sign a request, to API Gateway unless another service is named.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
export async function signature(request: UnsignedRequest): Promise<Record<string, string>> {
  const { method, url, body, headers: given, region, service = 'execute-api', credentials, at = new Date() } = request;
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256Node });
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...given, host: url.host },
      ...(body !== undefined && { body }),
    },
    { signingDate: at },
  );
  const { host: _, ...headers } = signed.headers;
  return headers;
}
