import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { apiRoutes, envNames, eventTypes } from '../../lambdas/contract.ts';
import { DeadLetterQueue } from '../../lib/dead-letter-queue.ts';
import { HttpApiAuth } from '../../lib/http-api-auth.ts';
import { PollBudgetTable } from '../../lib/poll-budget-table.ts';
import { RequestRule } from '../../lib/request-rule.ts';
import { RevealApi, type RevealApiOptions } from '../../lib/reveal-api.ts';
import { RevealsAccess } from '../../lib/reveals-access.ts';
import { RevealsTable } from '../../lib/reveals-table.ts';

function doors(options: RevealApiOptions = {}) {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'reveal-relay-')) });
  const stack = new Stack(app, 'Doors');
  const reveals = new RevealsAccess(new RevealsTable(stack, 'Reveals'));
  const eventBus = new EventBus(stack, 'Bus');
  const stateMachine = new StateMachine(stack, 'Workflow', {
    definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Only')),
  });
  Validations.of(stateMachine).acknowledge(
    { id: 'AwsSolutions-SF1', reason: 'Not what is tested here.' },
    { id: 'AwsSolutions-SF2', reason: 'Not what is tested here.' },
  );
  const deadLetters = new DeadLetterQueue(stack, 'DeadLetters');
  const announcing = { [envNames.eventBus]: eventBus.eventBusArn };
  const api = new RevealApi(stack, 'HttpApi', {
    reveals,
    pollBudget: new PollBudgetTable(stack, 'PollBudget'),
    stateMachine,
    eventBus,
    announcing,
    retention: Duration.days(30),
    ...options,
  });
  new RequestRule(stack, 'Requests', {
    reveals,
    stateMachine,
    eventBus,
    announcing,
    deadLetters,
    name: undefined,
    reservedConcurrency: undefined,
  });
  return { app, stack, api };
}

type Resource = { Type: string; Properties: Record<string, unknown> };
function resources(options?: RevealApiOptions) {
  const all = Object.entries(Template.fromStack(doors(options).stack).toJSON().Resources as Record<string, Resource>);
  return (type: string) =>
    all.filter(([, { Type }]) => Type === type).map(([id, { Properties }]) => ({ id, ...Properties }));
}
const routesOf = (of: ReturnType<typeof resources>) =>
  Object.fromEntries(
    of('AWS::ApiGatewayV2::Route').map((route) => [(route as { RouteKey?: unknown }).RouteKey, route]),
  );

describe('the HTTP API', () => {
  it('asks for signed requests on every route, the one for everything else included, unless told otherwise', () => {
    const routes = routesOf(resources());
    expect(Object.keys(routes).sort()).toEqual([...apiRoutes, '$default'].sort());
    for (const route of Object.values(routes)) expect(route).toMatchObject({ AuthorizationType: 'AWS_IAM' });
  });

  it('takes bearer tokens of one issuer for one audience', () => {
    const of = resources({ auth: HttpApiAuth.jwt({ issuer: 'https://login.example.com/', audience: ['relay'] }) });
    for (const route of Object.values(routesOf(of))) expect(route).toMatchObject({ AuthorizationType: 'JWT' });
    expect(of('AWS::ApiGatewayV2::Authorizer')).toMatchObject([
      { JwtConfiguration: { Issuer: 'https://login.example.com/', Audience: ['relay'] } },
    ]);
    expect(() => HttpApiAuth.jwt({ issuer: 'https://login.example.com/', audience: [] })).toThrow(/audience/);
  });

  it('is open only by a name that says what that means', () => {
    const routes = routesOf(resources({ auth: HttpApiAuth.dangerouslyOpenToTheInternet() }));
    for (const route of Object.values(routes)) expect(route).toMatchObject({ AuthorizationType: 'NONE' });
  });

  it('lets no web page call unless it is named', () => {
    expect(resources()('AWS::ApiGatewayV2::Api')).not.toMatchObject([{ CorsConfiguration: expect.anything() }]);
    const of = resources({ corsOrigins: ['https://crm.example.com'] });
    expect(of('AWS::ApiGatewayV2::Api')).toMatchObject([
      { CorsConfiguration: { AllowOrigins: ['https://crm.example.com'] } },
    ]);
    const { 'OPTIONS /{proxy+}': preflight, ...others } = routesOf(of);
    expect(preflight).toMatchObject({ AuthorizationType: 'NONE' });
    for (const route of Object.values(others)) expect(route).toMatchObject({ AuthorizationType: 'AWS_IAM' });
  });

  it('is throttled, and its access log holds neither paths nor queries nor headers', () => {
    const [stage] = resources()('AWS::ApiGatewayV2::Stage') as unknown as [
      { AccessLogSettings: { Format: string }; DefaultRouteSettings: object },
    ];
    expect(stage).toMatchObject({ DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 1_000 } });
    expect(stage.AccessLogSettings.Format).toContain('$context.routeKey');
    expect(stage.AccessLogSettings.Format).not.toMatch(/path|query|header/i);
  });

  it('says in its access log who called by token, and why a call was refused or came to nothing', () => {
    const [stage] = resources()('AWS::ApiGatewayV2::Stage') as unknown as [{ AccessLogSettings: { Format: string } }];
    expect(JSON.parse(stage.AccessLogSettings.Format)).toMatchObject({
      subject: '$context.authorizer.claims.sub',
      authorizerError: '$context.authorizer.error',
      integrationError: '$context.integrationErrorMessage',
    });
  });
});

describe('the rule on requests', () => {
  it('matches requests, and nothing that the relay publishes itself', () => {
    const [rule] = resources()('AWS::Events::Rule') as unknown as [{ EventPattern: object }];
    expect(rule.EventPattern).toEqual({ 'detail-type': [eventTypes.requested] });
    const { requested, ...ours } = eventTypes;
    expect(Object.values(ours)).not.toContain(requested);
  });

  it('loses no event: two more attempts, then a queue that keeps it for two weeks, encrypted', () => {
    const of = resources();
    const [queue] = of('AWS::SQS::Queue');
    expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
    const arn = { 'Fn::GetAtt': [queue?.id, 'Arn'] };
    expect(of('AWS::Lambda::EventInvokeConfig')).toMatchObject([
      { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: arn } } },
    ]);
    expect(of('AWS::Events::Rule')).toMatchObject([{ Targets: [{ DeadLetterConfig: { Arn: arn } }] }]);
    const policies = JSON.stringify(of('AWS::SQS::QueuePolicy'));
    expect(policies).toContain('"aws:SecureTransport":"false"');
  });
});

describe('both doors', () => {
  it('may do only what each of them does', () => {
    const policies = resources()('AWS::IAM::Policy') as unknown as {
      id: string;
      PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] };
    }[];
    const actionsOf = (handler: string) =>
      policies
        .filter(({ id }) => id.includes(handler))
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
        .flatMap(({ Action }) => Action)
        .filter((action) => !action.startsWith('logs:'));
    expect(actionsOf('HttpApiApi').sort()).toEqual([
      'dynamodb:DeleteItem',
      // The reveals, and the poll budget.
      'dynamodb:GetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'events:PutEvents',
      'states:DescribeExecution',
      'states:StartExecution',
      'states:StopExecution',
    ]);
    expect([...new Set(actionsOf('RequestsRequest'))].sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'events:PutEvents',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:SendMessage',
      'states:StartExecution',
    ]);
  });

  it('have no finding of AwsSolutions that is not acknowledged where it arises', () => {
    const { app } = doors({ corsOrigins: ['https://crm.example.com'] });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
