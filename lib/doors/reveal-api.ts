import { Duration, Validations } from 'aws-cdk-lib';
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
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { apiRoutes } from '../../lambdas/contract.ts';
import { ApiHandler } from '../handlers/api.ts';
import { physicalName } from '../physical-name.ts';
import { RelayLogGroup } from '../platform/relay-log-group.ts';
import type { PartsWithWorkflow } from '../relay-parts.ts';
import { HttpApiAuth } from './http-api-auth.ts';

/** Who may call the HTTP API, from where, and how often. */
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
   * How much API Gateway lets through, over all callers. What is beyond is answered with 429.
   * @default 200 a second, 1,000 at once
   */
  readonly throttle?: {
    /** Requests a second over all callers. What is beyond is answered with 429 by API Gateway. @default 200 */
    readonly ratePerSecond: number;
    /** Requests over all callers that may come at once. What is beyond is answered with 429 by API Gateway. @default 1000 */
    readonly burst: number;
  };

  /**
   * Whether callers may wait for a reveal, with `GET /reveals/{id}?wait=25`. Each who waits holds a handler for up to 25 seconds; without it all are
   * answered at once, and told when to ask again. For an account with few concurrent executions.
   * @default true
   */
  readonly waiting?: boolean;
}

/** What API Gateway lets through where nobody says otherwise. */
export const usualThrottle = { ratePerSecond: 200, burst: 1_000 } as const;

/** The HTTP API: one function behind all routes. Closed to everybody without permission, unless told otherwise. */
export class RevealApi extends Construct {
  /** For a domain name of your own, or routes beside those of the relay. */
  readonly httpApi: HttpApi;
  /** Where it is, without a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, parts: PartsWithWorkflow, options: RevealApiOptions = {}) {
    super(scope, id);
    const { auth = HttpApiAuth.iam(), corsOrigins, throttle = usualThrottle } = options;
    const api = new ApiHandler(this, 'Api', parts);
    const integration = new HttpLambdaIntegration('Integration', api, { scopePermissionToRoute: false });
    this.httpApi = new HttpApi(this, 'HttpApi', {
      description: 'Contact reveals',
      createDefaultStage: false,
      defaultAuthorizer: auth.authorizer,
      // What is none of the routes is answered by the function too: with a problem, and with the methods that there are.
      defaultIntegration: integration,
      ...(corsOrigins && {
        corsPreflight: {
          allowOrigins: corsOrigins,
          allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.DELETE],
          allowHeaders: [
            'authorization',
            'content-type',
            'idempotency-key',
            'x-amz-date',
            'x-amz-security-token',
            'x-amz-content-sha256',
          ],
          exposeHeaders: ['link', 'location', 'retry-after'],
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
    if (corsOrigins) this.letPreflightsThrough(integration);

    // API Gateway has AWS allow it to write to a log group by a policy of the account that may not be longer than 5,120 characters,
    // and is full in an account with many APIs. Under this prefix one entry is enough for all.
    const name = `/aws/vendedlogs/apis/${physicalName(this, 'AccessLog')}`;
    const accessLog = new RelayLogGroup(this, 'AccessLog', parts.platform, name);
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
