import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { expect, it, vi } from 'vitest';
import { awsOutput } from '../../../cli/embedded/addresses.ts';
import { serve } from '../../../cli/embedded/serve.ts';
import { readStackOutputs } from '../../../cli/stack-outputs.ts';
import { outputNames } from '../../../lambdas/contract.ts';
import { testAssembly } from '../../support/assembly.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** `npm run local` on a folder, and what it has printed. */
async function serveOn(data: string, more: readonly string[], whileListening?: (url: string) => Promise<void>) {
  const interruption = new AbortController();
  const printed = { stdout: '', stderr: '' };
  let work: Promise<void> | undefined;
  const code = await serve({
    given: ['--port', '0', '--data', data, ...more],
    environment: {},
    stdout: {
      write: (text: string) => {
        printed.stdout += text;
        const url = /^listening on (\S+)$/m.exec(text)?.[1];
        if (url) work ??= whileListening?.(url).finally(() => interruption.abort());
      },
    },
    stderr: {
      write: (text: string) => {
        printed.stderr += text;
      },
    },
    assembly: await testAssembly(),
    interrupted: interruption.signal,
  });
  await work;
  return { code, ...printed };
}
/** All but those of webhooks, which a relay has that has receivers. */
const outputsOfAll = Object.values(outputNames).filter((name) => name !== outputNames.webhooks);
const outputsIn = (data: string) => readStackOutputs(`${data}/outputs.json`, outputsOfAll);

it('writes its outputs as `cdk deploy` does, with the address at which its API really is', async () => {
  const data = await temporaryFolder();
  let listening = '';
  await serveOn(data, [], async (url) => {
    listening = url;
  });
  const outputs = await outputsIn(data);
  expect(outputs[outputNames.api]).toBe(listening);
  expect(JSON.parse(outputs[outputNames.settings])).toMatchObject({
    pollsPerMinute: 240,
    fiberBaseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect(outputs[outputNames.deadLetters]).toMatch(/^https:\/\/sqs\./);
});

it('answers SDK clients at the address that it writes and prints, DynamoDB among them, and says again where that is', async () => {
  const data = await temporaryFolder();
  const { stdout } = await serveOn(data, [], async (url) => {
    await fetch(`${url}/reveals`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ taskId: 'never-1' }),
    });
    const outputs: Record<string, string> = await outputsIn(data);
    vi.stubEnv('AWS_ENDPOINT_URL', outputs[awsOutput]);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'any');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
    const [tables, executions] = [new DynamoDBClient(), new SFNClient()];
    const { Items = [] } = await tables.send(
      new QueryCommand({
        TableName: outputs[outputNames.revealsTable],
        KeyConditionExpression: 'revealId = :id',
        ExpressionAttributeValues: { ':id': { S: 'never-1' } },
      }),
    );
    expect(Items.map(({ status }) => status?.S)).toEqual(['running']);
    await expect(
      tables.send(new QueryCommand({ TableName: 'Nobodys', KeyConditionExpression: 'a' })),
    ).rejects.toMatchObject({ name: expect.stringMatching(/Exception$/) });
    const stateMachineArn = outputs[outputNames.stateMachine];
    expect((await executions.send(new ListExecutionsCommand({ stateMachineArn }))).executions).toHaveLength(1);
    tables.destroy();
    executions.destroy();
    vi.unstubAllEnvs();

    const again = await serveOn(data, ['--where']);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain(`AWS answers at ${outputs[awsOutput]}\n`);
    expect(again.stdout).toContain(`RevealsTableName ${outputs[outputNames.revealsTable]}\n`);
    expect(again.stdout).toContain(`listening on ${url}\n`);
    expect(again.stdout).toContain(`export AWS_ENDPOINT_URL=${outputs[awsOutput]} AWS_REGION=us-east-1\n`);
  });
  expect(stdout).toMatch(/^AWS answers at http:\/\/127\.0\.0\.1:\d+$/m);

  // It has ended: its addresses are nobody's.
  const ended = await serveOn(data, ['--where']);
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`No relay runs on ${data}: `) });
});
