import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { attempt } from './sdk.ts';

/** A secret that was put in is used by then. */
const maxAgeMs = 60_000;

/** The secrets that receivers check signatures by. */
export class SigningSecrets {
  readonly #client: SecretsManagerClient;
  readonly #now: () => number;
  readonly #known = new Map<string, { readAt: number; values: Promise<string[]> }>();

  constructor({ client, now }: { client: SecretsManagerClient; now: () => number }) {
    this.#client = client;
    this.#now = now;
  }

  /** The value that is in use, and the one before it if there was one. Secrets Manager keeps both. */
  of(secretId: string): Promise<string[]> {
    const known = this.#known.get(secretId);
    if (known && this.#now() - known.readAt < maxAgeMs) return known.values;
    const values = this.#read(secretId);
    this.#known.set(secretId, { readAt: this.#now(), values });
    values.catch(() => this.#known.delete(secretId));
    return values;
  }

  async #read(secretId: string): Promise<string[]> {
    const stages = ['AWSCURRENT', 'AWSPREVIOUS'] as const;
    const values = await Promise.all(stages.map((stage) => this.#version(secretId, stage)));
    return values.filter((value) => value !== undefined);
  }

  #version(SecretId: string, VersionStage: string): Promise<string | undefined> {
    return attempt('Secrets Manager', async () => {
      try {
        const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
        return SecretString?.trim() || undefined;
      } catch (error) {
        // A secret that was never changed has no version before this one.
        if (VersionStage === 'AWSPREVIOUS' && (error as Error).name === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    });
  }
}
