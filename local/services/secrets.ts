import { createHash, randomUUID } from 'node:crypto';
import type { LocalStack } from '../template/template.ts';
import type { Operations } from './aws-endpoint.ts';
import { AwsError } from './aws-error.ts';

interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly createdAt: number;
}

/** The versions of a secret by what Secrets Manager calls them. */
interface Versions {
  readonly AWSCURRENT?: SecretVersion;
  readonly AWSPREVIOUS?: SecretVersion;
}

/**
 * The secrets of the stack. They start without a value unless the template has one generated, as on AWS: nobody puts a key into a template. What
 * is generated is the same after each start, as nothing here is kept secret by it.
 */
export class Secrets {
  readonly #versions = new Map<string, Versions>();
  readonly #now: () => number;

  constructor(stack: LocalStack, now: () => number) {
    this.#now = now;
    for (const { reference, properties } of stack.ofType('AWS::SecretsManager::Secret')) {
      this.#versions.set(reference, {});
      const { GenerateSecretString: generate } = properties() as { GenerateSecretString?: { PasswordLength?: number } };
      if (generate) this.put(reference, lettersAndDigits(reference, generate.PasswordLength ?? 32));
    }
  }

  /** Gives a secret a new value; a name or ARN from outside of the template becomes one of ours by that. */
  put(secretId: string, value: string): void {
    const { AWSCURRENT: before } = this.#versions.get(secretId) ?? {};
    const version = { id: randomUUID(), value, createdAt: this.#now() };
    this.#versions.set(secretId, { AWSCURRENT: version, ...(before && { AWSPREVIOUS: before }) });
  }

  /** The value that is in use. */
  valueOf(secretId: string): string | undefined {
    return this.#versions.get(secretId)?.AWSCURRENT?.value;
  }

  /** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
  readonly api: Operations = {
    GetSecretValue: ({ SecretId, VersionStage = 'AWSCURRENT' }) => {
      const id = String(SecretId);
      const versions = this.#versions.get(id);
      if (!versions)
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      const version = versions[VersionStage as keyof Versions];
      if (!version) {
        throw new AwsError(
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`,
        );
      }
      return {
        ARN: id,
        Name: id.split(':').at(-1),
        VersionId: version.id,
        SecretString: version.value,
        VersionStages: [VersionStage],
        CreatedDate: version.createdAt / 1_000,
      };
    },
  };
}

function lettersAndDigits(of: string, length: number): string {
  let text = '';
  for (let round = 0; text.length < length; round += 1) {
    text += createHash('sha512')
      .update(`${of} ${round}`)
      .digest('base64')
      .replace(/[^A-Za-z0-9]/g, '');
  }
  return text.slice(0, length);
}
