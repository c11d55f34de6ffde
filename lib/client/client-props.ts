import type { Credentials } from './request-signature.ts';

/** What a {@link RevealRelayClient} is made of. */
export interface RevealRelayClientProps {
  /** Where the API is: the output `ApiUrl` of the stack, or what `npm run local` prints. */
  readonly url: string;

  /**
   * Who signs the requests to an API on AWS, with Signature Version 4: credentials, or a function that is asked before each request, as
   * `fromNodeProviderChain()` of `@aws-sdk/credential-providers` makes one.
   * @default - none: needed for an API on AWS, unless there is a token
   */
  readonly credentials?: Credentials | (() => Promise<Credentials>) | undefined;

  /**
   * A bearer token, for a relay that was set up with `HttpApiAuth.jwt`, or a function that is asked before each request. Nothing is signed then.
   * @default - none
   */
  readonly token?: string | (() => string | Promise<string>) | undefined;

  /**
   * The region that requests are signed for. Needed where the API has a domain name of its own.
   * @default - the one in the address
   */
  readonly region?: string | undefined;

  /**
   * How often a request is sent at the most when nobody answers, or the answer is 429, 502, 503 or 504. One that could do harm if it arrived twice is sent
   * again only where the API says that it has done nothing.
   * @default 3
   */
  readonly attempts?: number | undefined;

  /**
   * Milliseconds after which an answer is not waited for any longer.
   * @default 35000, as API Gateway gives up after 30 seconds
   */
  readonly requestTimeoutMs?: number | undefined;

  /** What sends the requests. @default - the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;

  /**
   * Waits. Rejects when the signal aborts.
   * @default - timers of Node
   */
  readonly sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<unknown>) | undefined;

  /**
   * Milliseconds since 1970.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined;

  /**
   * From 0 to below 1: spreads what is sent again.
   * @default Math.random
   */
  readonly random?: (() => number) | undefined;
}

/** Where requests go, and how they get in. */
export interface Access {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token?: (() => Promise<string>) | undefined;
  readonly signing?: { readonly region: string; readonly credentials: () => Promise<Credentials> } | undefined;
}

/** @throws TypeError where a request could not get in, or would show the token on its way */
export function accessOf({ url, credentials, token, region }: RevealRelayClientProps): Access {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol) || address.search || address.hash || address.username) {
    throw new TypeError('url is no address of an API: give one like https://ab12.execute-api.eu-west-1.amazonaws.com.');
  }
  if (token !== undefined && credentials !== undefined) throw new TypeError('Give credentials or token, not both.');
  const base = { url: address.href.replace(/\/+$/, '') };
  if (token !== undefined) {
    if (address.protocol === 'http:' && !isOnThisMachine(address)) {
      throw new TypeError('The token would go over the network unencrypted: give an https address as url.');
    }
    return { ...base, token: async () => (typeof token === 'function' ? token() : token) };
  }
  const regionThere = region ?? regionOf(address);
  if (credentials === undefined) {
    if (regionOf(address) === undefined) return base;
    throw new TypeError(
      'An API on AWS lets nobody in like that: give credentials, or token if it takes bearer tokens.',
    );
  }
  if (address.protocol !== 'https:') return base;
  if (regionThere === undefined) throw new TypeError('url does not say for which region to sign: give region as well.');
  const provider = typeof credentials === 'function' ? credentials : async () => credentials;
  return { ...base, signing: { region: regionThere, credentials: provider } };
}

/** The region of an API on AWS, or nothing for an address that does not tell. */
export function regionOf({ protocol, hostname }: URL): string | undefined {
  if (protocol !== 'https:') return undefined;
  return /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(hostname)?.[1];
}

const isOnThisMachine = ({ hostname }: URL) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
