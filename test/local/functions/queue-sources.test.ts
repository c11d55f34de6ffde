import { afterEach, expect, it } from 'vitest';
import { EmbeddedRelay } from '../../../local/relay.ts';
import type { TemplateError } from '../../../local/template/template.ts';
import { RelayClock } from '../../../local/time/relay-time.ts';
import { stateMachine, tinyAssembly } from '../../support/tiny-stack.ts';

/** Says what it was handed, and does with it what its body says. */
const worker = `
  export const handler = async ({ Records }) => {
    for (const { body, attributes } of Records) console.log(body + ' ' + attributes.ApproximateReceiveCount);
    if (Records.some(({ body }) => body === 'break')) throw new Error('broken');
    const failed = Records.filter(({ body }) => body === 'fail');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };`;

const open: EmbeddedRelay[] = [];
afterEach(async () => {
  for (const relay of open.splice(0)) await relay.close();
});

async function start(source: Record<string, unknown> = {}) {
  const arn = (of: string) => ({ 'Fn::GetAtt': [of, 'Arn'] });
  const assembly = await tinyAssembly({
    resources: {
      Machine: stateMachine({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
      Letters: { Type: 'AWS::SQS::Queue' },
      Work: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          VisibilityTimeout: 60,
          RedrivePolicy: { deadLetterTargetArn: arn('Letters'), maxReceiveCount: 3 },
        },
      },
      Source: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: arn('Work'),
          FunctionName: { Ref: 'Worker' },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ...source,
        },
      },
    },
    functions: { Worker: worker },
  });
  const lines: string[] = [];
  const relay = await EmbeddedRelay.start({
    assembly,
    clock: RelayClock.start(Number.POSITIVE_INFINITY),
    onLog: (_handler, line) => lines.push(line),
  });
  open.push(relay);
  const { queues, stack } = relay.deployment;
  const arnOf = (logicalId: string) => stack.resource(logicalId).attributes.Arn ?? '';
  const until = (isSo: () => boolean) => relay.deployment.fastForward?.during(expect.poll(isSo).toBe(true));
  return { relay, lines, queues, arnOf, until };
}

it('deletes what a function has done, and hands it the rest again until that lies with the dead letters', async () => {
  const { lines, queues, arnOf, until } = await start();
  for (const body of ['do', 'fail']) queues.send(arnOf('Work'), body);
  await until(() => queues.messages(arnOf('Letters')).length === 1);
  expect(lines.toSorted()).toEqual(['do 1', 'fail 1', 'fail 2', 'fail 3']);
  expect(queues.messages(arnOf('Work'))).toEqual([]);
});

it('takes a function that throws for one that has done nothing', async () => {
  const { lines, queues, arnOf, until } = await start();
  queues.send(arnOf('Work'), 'break');
  await until(() => queues.messages(arnOf('Letters')).length === 1);
  expect(lines.filter((line) => line.startsWith('break'))).toEqual(['break 1', 'break 2', 'break 3']);
});

it('refuses what it cannot play', async () => {
  const message = (source: Record<string, unknown>) =>
    start(source).then(
      () => 'started',
      (error: TemplateError) => error.message,
    );
  expect(await message({ FilterCriteria: {} })).toContain('has FilterCriteria');
  expect(await message({ FunctionResponseTypes: [] })).toContain('does not report which messages have failed');
  expect(await message({ EventSourceArn: 'arn:aws:kinesis:stream' })).toContain('takes from arn:aws:kinesis:stream');
});
