import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { attempt } from './sdk.ts';

const maxAgeSeconds = 300;
/** How long a container believes that there is no key: reveals that wait must not ask for it one by one. */
const emptyForMs = 60_000;
/** A probe wants to know what the secret holds now. What was read for this very poll is now. */
const justReadMs = 5_000;

/** What Secrets Manager says for as long as nobody fills the secret, or lets us read it. */
const lastingErrors = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'DecryptionFailure',
  // The secret is about to be deleted.
  'InvalidRequestException',
]);

/**
 * The Fiber API key, from Secrets Manager. Cached, so a rotated key is found after five minutes or by `refetch`; that there is none is
 * believed for a minute.
 */
export class ApiKey {
  readonly #secretId: string;
  readonly #secrets: SecretsProvider;
  readonly #now: () => number;
  /** Unix milliseconds. */
  #foundEmptyAt = Number.NEGATIVE_INFINITY;

  constructor(secretId: string, { client, now }: { client: SecretsManagerClient; now: () => number }) {
    this.#secretId = secretId;
    this.#secrets = new SecretsProvider({ awsSdkV3Client: client });
    this.#now = now;
  }

  /**
   * The key, or nothing as long as the secret holds none or may not be read: reveals wait for that as for a key that is refused. Whoever
   * may poll and gets nothing asks `refetch`: the key may be a minute old.
   *
   * @throws RelayFault when Secrets Manager does not answer
   */
  async get(): Promise<string | undefined> {
    return this.#isEmptySince(emptyForMs) ? undefined : this.#read(false);
  }

  /** Asks Secrets Manager again: for when the vendor refuses the key that we hold, or there was none. */
  async refetch(): Promise<string | undefined> {
    return this.#isEmptySince(justReadMs) ? undefined : this.#read(true);
  }

  #isEmptySince(ms: number): boolean {
    return this.#now() - this.#foundEmptyAt < ms;
  }

  async #read(forceFetch: boolean): Promise<string | undefined> {
    const secret = await attempt('Secrets Manager', () => this.#secretUnlessClosed(forceFetch));
    const key = keyIn(secret);
    this.#foundEmptyAt = key === undefined ? this.#now() : Number.NEGATIVE_INFINITY;
    // What Powertools remembers of a secret without a key would hide for five minutes that it has been filled.
    if (key === undefined) this.#secrets.clearCache();
    return key;
  }

  async #secretUnlessClosed(forceFetch: boolean): Promise<string | Uint8Array | undefined> {
    try {
      return await this.#secrets.get(this.#secretId, { maxAge: maxAgeSeconds, forceFetch });
    } catch (error) {
      // Powertools wraps the SDK's error.
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      if (cause instanceof Error && lastingErrors.has(cause.name)) return undefined;
      throw cause;
    }
  }
}

/** The secret is the key, or JSON with the key as `apiKey`; as text, or as the same in bytes. */
function keyIn(secret: string | Uint8Array | undefined): string | undefined {
  const text = bare(typeof secret === 'string' ? secret : new TextDecoder().decode(secret));
  if (!text.startsWith('{')) return text || undefined;
  try {
    const { apiKey } = JSON.parse(text) as { apiKey?: unknown };
    return (typeof apiKey === 'string' && bare(apiKey)) || undefined;
  } catch {
    return undefined;
  }
}

/** Without what shells, editors and spreadsheets put around a key: a byte order mark, line ends, quotes. */
function bare(text: string): string {
  // A byte order mark counts as white space.
  const trimmed = text.trim();
  const [, quoted] = /^"(.*)"$/s.exec(trimmed) ?? /^'(.*)'$/s.exec(trimmed) ?? [];
  return quoted === undefined ? trimmed : bare(quoted);
}
