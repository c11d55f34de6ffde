import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { RelayFault, safeErrorName } from '../reveal/errors.ts';
import { sdkClientOptions } from './sdk.ts';

const maxAgeSeconds = 300;

/** What Secrets Manager says for as long as nobody fills the secret, or lets us read it. */
const lastingErrors = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'DecryptionFailure',
  // The secret is about to be deleted.
  'InvalidRequestException',
]);

/** The Fiber API key, from Secrets Manager. Cached, so a rotated key is found after five minutes or by `refetch`. */
export class ApiKey {
  readonly #secretId: string;
  readonly #secrets = new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient(sdkClientOptions) });

  constructor(secretId: string) {
    this.#secretId = secretId;
  }

  /**
   * The key, or nothing as long as the secret holds none or may not be read: reveals wait for that as for a key that is refused.
   *
   * @throws RelayFault when Secrets Manager does not answer
   */
  async get(): Promise<string | undefined> {
    // What a container remembers of a secret without a key may have been mended since.
    return (await this.#read(false)) ?? this.#read(true);
  }

  /** Asks Secrets Manager again: for when the vendor refuses the key that we hold. */
  async refetch(): Promise<string | undefined> {
    return this.#read(true);
  }

  async #read(forceFetch: boolean): Promise<string | undefined> {
    try {
      const secret = await this.#secrets.get(this.#secretId, { maxAge: maxAgeSeconds, forceFetch });
      return keyIn(typeof secret === 'string' ? secret : '');
    } catch (error) {
      // Powertools wraps the SDK's error.
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const name = safeErrorName(cause);
      if (lastingErrors.has(name)) return undefined;
      throw new RelayFault('Secrets Manager', name);
    }
  }
}

/** The secret is the key, or JSON with the key as `apiKey`. */
function keyIn(secret: string): string | undefined {
  const text = secret.trim();
  if (!text.startsWith('{')) return text || undefined;
  try {
    const { apiKey } = JSON.parse(text) as { apiKey?: unknown };
    return typeof apiKey === 'string' && apiKey.trim() !== '' ? apiKey.trim() : undefined;
  } catch {
    return undefined;
  }
}
