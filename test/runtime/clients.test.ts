import { beforeAll, expect, it, vi } from 'vitest';
import { envNames, type HandlerName, handlerNames } from '../../lambdas/contract.ts';
import { printed } from '../support/doors.ts';

/** Every client that has been made, by its class. */
const { made, counted } = vi.hoisted(() => {
  const made: string[] = [];
  const counted = (module: Record<string, unknown>, name: string) => {
    const Client = module[name] as new (...given: unknown[]) => object;
    const Counted = class extends Client {
      constructor(...given: unknown[]) {
        super(...given);
        made.push(name);
      }
    };
    return { ...module, [name]: Counted };
  };
  return { made, counted };
});
vi.mock('@aws-sdk/client-dynamodb', async (load) => counted(await load(), 'DynamoDBClient'));
vi.mock('@aws-sdk/client-sfn', async (load) => counted(await load(), 'SFNClient'));
vi.mock('@aws-sdk/client-eventbridge', async (load) => counted(await load(), 'EventBridgeClient'));
vi.mock('@aws-sdk/client-secrets-manager', async (load) => counted(await load(), 'SecretsManagerClient'));
vi.mock('@aws-sdk/client-sqs', async (load) => counted(await load(), 'SQSClient'));

beforeAll(() => {
  // Nobody listens there: what is wired is what counts.
  Object.assign(process.env, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: 'us-east-1' });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  for (const name of Object.values(envNames)) process.env[name] = '1';
  process.env[envNames.fiberBaseUrl] = 'http://127.0.0.1:9';
});

it.each(handlerNames)('%s has one client for each service, however often it is called', async (name: HandlerName) => {
  made.length = 0;
  const { handler } = (await import(`../../lambdas/${name}.ts`)) as { handler: (event: unknown) => Promise<unknown> };
  await printed(async () => {
    for (let call = 0; call < 3; call += 1) await handler({}).catch(() => {});
  });
  expect(made.length).toBeGreaterThan(0);
  expect(made.toSorted()).toEqual([...new Set(made)].toSorted());
});
