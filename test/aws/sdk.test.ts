import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attempt, sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { isThrottle, loggedFacts } from '../../lambdas/reveal/errors.ts';
import { stepFunctions } from '../../lambdas/runtime/clients.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../local/services/aws-endpoint.ts';
import { AwsError } from '../../local/services/aws-error.ts';
import { localClientOptions } from '../../local/services/client-options.ts';

let refusal: AwsError;
let endpoint: AwsEndpoint;
beforeAll(async () => {
  const DescribeExecution = () => {
    throw refusal;
  };
  endpoint = await startAwsEndpoint({ AWSStepFunctions: { DescribeExecution } });
});
afterAll(() => endpoint.close());

async function faultOf(type: string, at = endpoint.url): Promise<unknown> {
  refusal = new AwsError(type, 'ada@example.com is not there');
  const client = stepFunctions({ ...localClientOptions(at), ...sdkClientOptions });
  const describe = new DescribeExecutionCommand({ executionArn: 'arn:aws:states:us-east-1:1:execution:Relay:one' });
  return attempt('Step Functions', () => client.send(describe)).catch((error: unknown) => error);
}

it('keeps of a refusal its name and the id that AWS Support asks for', async () => {
  const fault = await faultOf('InvalidArn');
  expect(loggedFacts(fault)).toEqual({
    errorName: 'RelayFault',
    problem: 'Step Functions did not do what was asked: InvalidArn.',
    awsRequestId: expect.stringMatching(/^[\w-]{36}$/),
  });
  expect(JSON.stringify(fault)).not.toContain('ada@');
  expect(isThrottle(fault)).toBe(false);
});

it('knows a throttle by whatever name a service gives it', async () => {
  for (const type of ['ThrottlingException', 'TooManyRequestsException', 'ProvisionedThroughputExceededException']) {
    expect([type, isThrottle(await faultOf(type))]).toEqual([type, true]);
  }
});

it('keeps the code of a failure of the network', async () => {
  // A port that nobody listens at.
  expect(loggedFacts(await faultOf('', 'http://127.0.0.1:9'))).toMatchObject({ code: 'ECONNREFUSED' });
});
