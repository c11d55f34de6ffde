import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { build } from 'esbuild';
import { expect, it, vi } from 'vitest';
import { Subscriber } from '../../examples/subscriber.ts';
import { RevealRelay } from '../../lib/index.ts';
import { contactsOf } from '../../local/fiber/index.ts';
import { startTestRelay } from '../support/relay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('listens on the relay’s bus, and may read records and nothing else of the relay', async () => {
  // Bundling is left out: it takes seconds, and the next test does it.
  const app = new App({ outdir: await temporaryFolder(), context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'Example');
  const relay = new RevealRelay(stack, 'Relay');
  new Subscriber(stack, 'Subscriber', { relay });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Events::Rule', {
    EventBusName: stack.resolve(relay.eventBus.eventBusName),
    EventPattern: { source: ['reveal-relay'], 'detail-type': ['Contact Reveal Completed'] },
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SubscriberFetchRecord'), 'Arn'] } })],
  });
  const policies = template.findResources('AWS::IAM::Policy', {
    Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^SubscriberFetchRecord') }] },
  });
  const statements = Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  expect(statements.map(({ Action }) => Action)).toEqual(['dynamodb:GetItem']);
});

it('fetches the record that an event points to, and keeps contact data out of its log', async () => {
  await using test = await startTestRelay();
  expect((await test.play('quick-1')).record).toMatchObject({ status: 'completed' });
  const outfile = `${await temporaryFolder()}/index.mjs`;
  await build({
    entryPoints: ['examples/fetch-record.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['@aws-sdk/*'],
  });
  vi.stubEnv('AWS_ENDPOINT_URL', test.relay.deployment.endpointUrl);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const { handler } = await import(outfile);
  await handler(test.relay.published.at(-1));
  expect(log.mock.calls.map(([line]) => JSON.parse(line))).toEqual([
    { revealId: 'quick-1', emails: contactsOf('quick-1').emails.length },
  ]);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
