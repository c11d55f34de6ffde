import { randomUUID } from 'node:crypto';
import type { Operations } from './aws-endpoint.ts';
import { AwsError } from './aws-error.ts';

/** The secrets of the stack. They start without a value, as they do on AWS: nobody puts a key into a template. */
export class Secrets {
  readonly #versions = new Map<string, { id: string; value: string; createdAt: number } | undefined>();
  readonly #now: () => number;

  /** @param arns of the secrets that the template creates */
  constructor(arns: readonly string[], now: () => number) {
    for (const arn of arns) this.#versions.set(arn, undefined);
    this.#now = now;
  }

  /** Gives a secret a new value; a name or ARN from outside of the template becomes one of ours by that. */
  put(secretId: string, value: string): void {
    this.#versions.set(secretId, { id: randomUUID(), value, createdAt: this.#now() });
  }

  /** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
  readonly api: Operations = {
    GetSecretValue: ({ SecretId }) => {
      const id = String(SecretId);
      if (!this.#versions.has(id))
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      const version = this.#versions.get(id);
      if (!version) {
        throw new AwsError(
          'ResourceNotFoundException',
          "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
        );
      }
      return {
        ARN: id,
        Name: id.split(':').at(-1),
        VersionId: version.id,
        SecretString: version.value,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: version.createdAt / 1_000,
      };
    },
  };
}
