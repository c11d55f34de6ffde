import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { apiRoutes, type EnvName, envNames } from '../lambdas/contract.ts';
import { grantOnExecutions } from './execution-access.ts';
import { HttpApiAuth } from './http-api-auth.ts';
import { physicalName } from './physical-name.ts';
import { RevealHandler } from './reveal-handler.ts';
import type { RevealsAccess } from './reveals-access.ts';

export interface RevealApiOptions {
  /**
   * Who may call.
   * @default HttpApiAuth.iam()
   */
  readonly auth?: HttpApiAuth;

  /**
   * Web pages that may call from a browser, such as `https://crm.example.com`.
   * @default - none: browsers refuse to call for any page
   */
  readonly corsOrigins?: string[];

  /**
   * Requests a second over all callers, and how many may come at once. What is beyond is answered with 429 by API Gateway.
   * @default 200 a second, 1,000 at once
   */
  readonly throttle?: { readonly ratePerSecond: number; readonly burst: number };
}

export interface RevealApiProps extends RevealApiOptions {
  readonly reveals: RevealsAccess;
  readonly pollBudget: TableV2;
  readonly stateMachine: StateMachine;
  readonly eventBus: IEventBus;
  /** What the API settles by: the bus, and the relay's name. */
  readonly announcing: Partial<Record<EnvName, string>>;
  /** How long a record is kept that the API settles. */
  readonly retention: Duration;
}

/** The HTTP API: one function behind all routes. Closed to everybody without permission, unless told otherwise. */
export class RevealApi extends Construct {
  readonly httpApi: HttpApi;
  /** Where it is, without a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: RevealApiProps) {
    super(scope, id);
    const { reveals, pollBudget, stateMachine, eventBus, throttle = { ratePerSecond: 200, burst: 1_000 } } = props;
    const api = new RevealHandler(this, 'Api', {
      handler: 'api',
      description: 'Answers the HTTP API: starts, shows, cancels and erases reveals',
      // API Gateway waits for 30 s.
      timeout: Duration.seconds(29),
      memorySize: 512,
      environment: {
        [envNames.revealsTable]: reveals.tableName,
        [envNames.budgetTable]: pollBudget.tableName,
        [envNames.stateMachine]: stateMachine.stateMachineArn,
        ...props.announcing,
        [envNames.retentionDays]: String(props.retention.toDays()),
      },
    });
    reveals.grantItems(
      api,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:Query',
    );
    reveals.grantList(api);
    // Whether a pause that a record tells of is over.
    pollBudget.grant(api, 'dynamodb:GetItem');
    stateMachine.grantStartExecution(api);
    grantOnExecutions(api, stateMachine, 'states:StopExecution', 'states:DescribeExecution');
    eventBus.grantPutEventsTo(api);

    const integration = new HttpLambdaIntegration('Integration', api, { scopePermissionToRoute: false });
    this.httpApi = new HttpApi(this, 'HttpApi', {
      description: 'Contact reveals',
      createDefaultStage: false,
      defaultAuthorizer: (props.auth ?? HttpApiAuth.iam()).authorizer,
      // What is none of the routes is answered by the function too: with a problem, and with the methods that there are.
      defaultIntegration: integration,
      ...(props.corsOrigins && {
        corsPreflight: {
          allowOrigins: props.corsOrigins,
          allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.DELETE],
          allowHeaders: ['authorization', 'content-type', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'],
          exposeHeaders: ['location', 'retry-after'],
          maxAge: Duration.hours(1),
        },
      }),
    });
    // CDK's own permission is for `<stage>/<method>/<path>`. The route for everything else presents itself with two parts, and without
    // a permission of its own API Gateway answers 500 where the function has a problem to tell.
    api.addPermission('EverythingElse', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.httpApi.stack.formatArn({
        service: 'execute-api',
        resource: this.httpApi.apiId,
        resourceName: '*/$default',
      }),
    });
    for (const route of apiRoutes) {
      const [method, path] = route.split(' ') as [HttpMethod, string];
      this.httpApi.addRoutes({ path, methods: [method], integration });
    }
    if (props.corsOrigins) this.letPreflightsThrough(integration);

    // API Gateway has AWS allow it to write to a log group by a policy of the account that may not be longer than 5,120 characters,
    // and is full in an account with many APIs. Under this prefix one entry is enough for all.
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/vendedlogs/apis/${physicalName(this, 'AccessLog')}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.ratePerSecond, burstLimit: throttle.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat },
    });
    this.url = `https://${this.httpApi.apiId}.execute-api.${stage.stack.region}.${stage.stack.urlSuffix}`;
  }
  /** Browsers ask without credentials whether they may. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
  private letPreflightsThrough(integration: HttpLambdaIntegration): void {
    const [preflight] = this.httpApi.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.OPTIONS],
      integration,
      authorizer: new HttpNoneAuthorizer(),
    });
    Validations.of(preflight as HttpRoute).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'A preflight carries no credentials, and its answer holds nothing but the names of methods.',
    });
  }
}

/** Who called which route and how it went. No paths, queries or headers: ids have their place in the records, data has none here. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    at: '$context.requestTime',
    caller: '$context.identity.userArn',
    subject: '$context.authorizer.claims.sub',
    ip: '$context.identity.sourceIp',
    route: '$context.routeKey',
    status: '$context.status',
    authorizerError: '$context.authorizer.error',
    integrationError: '$context.integrationErrorMessage',
    milliseconds: '$context.responseLatency',
  }),
);
