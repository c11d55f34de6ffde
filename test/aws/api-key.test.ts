import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiKey } from '../../lambdas/aws/api-key.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { secretsManager } from '../../lambdas/runtime/clients.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../local/services/aws-endpoint.ts';
import { AwsError } from '../../local/services/aws-error.ts';
import { localClientOptions } from '../../local/services/client-options.ts';

/** What Secrets Manager holds; nothing as long as nobody has filled it. */
let secret: { SecretString: string } | { SecretBinary: string } | undefined;
let reads: number;
let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint({
    secretsmanager: {
      GetSecretValue: () => {
        reads += 1;
        if (!secret) throw new AwsError('ResourceNotFoundException', 'There is no value.');
        return secret;
      },
    },
  });
});
afterAll(() => endpoint.close());
beforeEach(() => {
  secret = undefined;
  reads = 0;
});

let nowMs = 0;
const apiKey = () => {
  const client = secretsManager({ ...localClientOptions(endpoint.url), ...sdkClientOptions });
  return new ApiKey('secret', { client, now: () => nowMs });
};
const text = (SecretString: string) => ({ SecretString });
const bytes = (content: string) => ({ SecretBinary: Buffer.from(content).toString('base64') });

describe('the API key', () => {
  it.each([
    ['as text', text('sk-1')],
    ['as JSON', text('{"apiKey":"sk-1"}')],
    ['as bytes', bytes('sk-1')],
    ['as JSON in bytes', bytes('{"apiKey": "sk-1"}\n')],
    ['with a line end', text('sk-1\r\n')],
    ['in quotes', text('"sk-1"')],
    ['in single quotes, on a line of its own', text("'sk-1'\n")],
    ['behind a byte order mark', text('\uFEFFsk-1')],
    ['behind a byte order mark, in quotes, in bytes', bytes('\uFEFF"sk-1"\r\n')],
    ['in JSON behind a byte order mark', text('\uFEFF{"apiKey":"\\"sk-1\\"\\n"}')],
  ])('%s is the key', async (_how, held) => {
    secret = held;
    expect(await apiKey().get()).toBe('sk-1');
  });

  it.each([
    ['nothing', undefined],
    ['white space', text(' \n')],
    ['quotes', text('""')],
    ['JSON without a key', text('{"key":"sk-1"}')],
  ])('is not there where the secret holds %s', async (_what, held) => {
    secret = held;
    expect(await apiKey().get()).toBeUndefined();
  });
});

describe('a secret that is empty', () => {
  it('is read once in a minute, however many reveals wait for it', async () => {
    const key = apiKey();
    for (nowMs = 0; nowMs < 60_000; nowMs += 100) expect(await key.get()).toBeUndefined();
    expect(reads).toBe(1);
    await key.get();
    expect(reads).toBe(2);
  });

  it('is read again by whoever may poll, so that a key is found as soon as it is there', async () => {
    const key = apiKey();
    nowMs = 0;
    await key.get();
    secret = text('sk-1');
    nowMs = 30_000;
    expect(await key.refetch()).toBe('sk-1');
    expect(await key.get()).toBe('sk-1');
    expect(reads).toBe(2);
  });

  it('is read once for one poll, though it asks twice', async () => {
    const key = apiKey();
    await key.get();
    await key.refetch();
    expect(reads).toBe(1);
  });

  it('that has lost its key is empty, whatever was remembered', async () => {
    secret = text('sk-1');
    const key = apiKey();
    nowMs = 0;
    await key.get();
    secret = undefined;
    expect(await key.refetch()).toBeUndefined();
    nowMs = 61_000;
    expect(await key.get()).toBeUndefined();
  });
});
