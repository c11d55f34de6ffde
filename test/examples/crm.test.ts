import { createServer } from 'node:http';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { outputNames } from '../../lambdas/contract.ts';
import { contactsOf } from '../../local/fiber/index.ts';
import { listenOnLoopback, stopListening } from '../../local/services/loopback.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Patch {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly properties: Record<string, string>;
}

let test: TestRelay;
let handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
let outcome: number;
const patches: Patch[] = [];
const hubSpot = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const { method, url: path = '', headers } = request;
  patches.push({ path: `${method} ${path}`, authorization: headers.authorization, ...JSON.parse(body) });
  response.writeHead(outcome, { 'content-type': 'application/json' }).end(body);
});

beforeAll(async () => {
  test = await startTestRelay({ httpPort: 0 });
  const outfile = `${await temporaryFolder()}/index.mjs`;
  const entryPoints = ['examples/crm/to-hubspot.ts'];
  // The package by its name is this repository's source.
  const options = { bundle: true, format: 'esm', platform: 'node', tsconfig: 'tsconfig.json' } as const;
  await build({ entryPoints, outfile, external: ['@aws-sdk/*'], ...options });
  vi.stubEnv('AWS_ENDPOINT_URL', test.relay.deployment.endpointUrl);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('HUBSPOT_URL', await listenOnLoopback(hubSpot, 0));
  vi.stubEnv('HUBSPOT_TOKEN_SECRET', String(test.relay.outputs[outputNames.apiKeySecret]));
  ({ handler } = await import(outfile));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stopListening(hubSpot);
  await test.close();
});

const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
beforeEach(() => {
  outcome = 200;
  patches.length = 0;
});
afterEach(() => printed.mockClear());

/** Plays a reveal to its end. @returns the message that the queue hands over for its event */
async function messageOf(taskId: string, reference?: string): Promise<SQSEvent> {
  await test.playInput({ taskId, ...(reference && { reference }) });
  const message = { messageId: `m-${taskId}`, body: JSON.stringify(test.relay.published.at(-1)) };
  return { Records: [message] } as unknown as SQSEvent;
}

describe('the subscriber that writes to HubSpot', () => {
  it('patches the contact that the reveal refers to with what was found', async () => {
    expect(await handler(await messageOf('quick-1', '151'))).toEqual({ batchItemFailures: [] });
    const { emails, phoneNumbers } = contactsOf('quick-1');
    const email = emails.find(({ type }) => type === 'work')?.email;
    expect(email).toBeDefined();
    const { number } = phoneNumbers.find(({ type }) => type === 'mobile') ?? {};
    expect(patches).toEqual([
      {
        path: 'PATCH /crm/v3/objects/contacts/151',
        authorization: `Bearer ${test.apiKey}`,
        properties: { email, ...(number && { mobilephone: number }) },
      },
    ]);
    expect(printed).not.toHaveBeenCalled();
  });

  it.each([401, 429, 500])(
    'leaves to the queue what HubSpot answers with %i, and keeps contact data out of the log',
    async (status) => {
      outcome = status;
      const failed = await handler(await messageOf(`quick-${status}`, '152'));
      expect(failed).toEqual({ batchItemFailures: [{ itemIdentifier: `m-quick-${status}` }] });
      expect(printed.mock.calls.map(([line]) => JSON.parse(line))).toEqual([
        { revealId: `quick-${status}`, name: 'Error', message: `HubSpot answered ${status}` },
      ]);
      outcome = 200;
      expect(await handler(await messageOf(`quick-${status}`, '152'))).toEqual({ batchItemFailures: [] });
    },
  );

  it('writes nothing for a reveal without a reference, nor for one that was erased since', async () => {
    expect(await handler(await messageOf('quick-7'))).toEqual({ batchItemFailures: [] });
    const message = await messageOf('quick-8', '153');
    const erased = await fetch(`${test.relay.deployment.httpUrl}/reveals/quick-8/result`, { method: 'DELETE' });
    expect(erased.status).toBe(200);
    expect(await handler(message)).toEqual({ batchItemFailures: [] });
    expect(patches).toEqual([]);
  });
});
