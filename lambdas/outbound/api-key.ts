import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { RelayFault, safeErrorName } from '../reveal/errors.ts';
import { sdkClientOptions } from './sdk.ts';

const maxAgeSeconds = 300;

/** The Fiber API key, from Secrets Manager. Cached, so a rotated key is found after five minutes or by `refetch`. */
export class ApiKey {
  readonly #secretId: string;
  readonly #secrets = new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient(sdkClientOptions) });

  constructor(secretId: string) {
    this.#secretId = secretId;
  }

  /** @throws RelayFault when the secret cannot be read, is empty, or holds no key */
  async get(): Promise<string> {
    return this.#read(false);
  }

  /** Asks Secrets Manager again: for when the vendor refuses the key that we hold. */
  async refetch(): Promise<string> {
    return this.#read(true);
  }

  async #read(forceFetch: boolean): Promise<string> {
    let secret: string | undefined;
    try {
      secret = (await this.#secrets.get(this.#secretId, { maxAge: maxAgeSeconds, forceFetch })) as string | undefined;
    } catch (error) {
      // Powertools wraps the SDK's error.
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new RelayFault('Secrets Manager', safeErrorName(cause));
    }
    const key = keyIn(secret ?? '');
    if (!key)
      throw new RelayFault(
        'Secrets Manager',
        'the secret holds no API key: put the key itself or {"apiKey": "…"} into it',
      );
    return key;
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
