import { describe, expect, it } from 'vitest';
import { apiRoutes } from '../../../lambdas/contract.ts';
import { HttpApiAuth, type RevealRelayProps } from '../../../lib/index.ts';
import { patiently, plain, relayWith } from '../../support/synthesised.ts';

const ofType = (props: RevealRelayProps, type: string) =>
  relayWith(props)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
const routesOf = (props: RevealRelayProps) =>
  Object.fromEntries(ofType(props, 'AWS::ApiGatewayV2::Route').map((route) => [String(route.RouteKey), route]));

describe('the HTTP API', patiently, () => {
  it('asks for signed requests on every route, the one for everything else included, unless told otherwise', () => {
    const routes = routesOf(plain);
    expect(Object.keys(routes).sort()).toEqual([...apiRoutes, '$default'].sort());
    for (const route of Object.values(routes)) expect(route).toMatchObject({ AuthorizationType: 'AWS_IAM' });
  });

  it('takes bearer tokens of one issuer for one audience', () => {
    const auth = HttpApiAuth.jwt({ issuer: 'https://login.example.com/', audience: ['relay'] });
    const jwt = { api: { auth } };
    for (const route of Object.values(routesOf(jwt))) expect(route).toMatchObject({ AuthorizationType: 'JWT' });
    expect(ofType(jwt, 'AWS::ApiGatewayV2::Authorizer')).toMatchObject([
      { JwtConfiguration: { Issuer: 'https://login.example.com/', Audience: ['relay'] } },
    ]);
    expect(() => HttpApiAuth.jwt({ issuer: 'https://login.example.com/', audience: [] })).toThrow(/audience/);
  });

  it('is open only by a name that says what that means', () => {
    const routes = routesOf({ api: { auth: HttpApiAuth.dangerouslyOpenToTheInternet() } });
    for (const route of Object.values(routes)) expect(route).toMatchObject({ AuthorizationType: 'NONE' });
  });

  it('lets no web page call unless it is named', () => {
    expect(ofType(plain, 'AWS::ApiGatewayV2::Api')).not.toMatchObject([{ CorsConfiguration: expect.anything() }]);
    const cors = { api: { corsOrigins: ['https://crm.example.com'] } };
    expect(ofType(cors, 'AWS::ApiGatewayV2::Api')).toMatchObject([
      { CorsConfiguration: { AllowOrigins: ['https://crm.example.com'] } },
    ]);
    const { 'OPTIONS /{proxy+}': preflight, ...others } = routesOf(cors);
    expect(preflight).toMatchObject({ AuthorizationType: 'NONE' });
    for (const route of Object.values(others)) expect(route).toMatchObject({ AuthorizationType: 'AWS_IAM' });
  });

  it('is throttled, and its access log holds neither paths nor queries nor headers', () => {
    const [stage] = ofType(plain, 'AWS::ApiGatewayV2::Stage') as unknown as [
      { AccessLogSettings: { Format: string }; DefaultRouteSettings: object },
    ];
    expect(stage).toMatchObject({ DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 1_000 } });
    expect(stage.AccessLogSettings.Format).toContain('$context.routeKey');
    expect(stage.AccessLogSettings.Format).not.toMatch(/path|query|header/i);
  });

  it('says in its access log who called by token, and why a call was refused or came to nothing', () => {
    const [stage] = ofType(plain, 'AWS::ApiGatewayV2::Stage') as unknown as [{ AccessLogSettings: { Format: string } }];
    expect(JSON.parse(stage.AccessLogSettings.Format)).toMatchObject({
      subject: '$context.authorizer.claims.sub',
      authorizerError: '$context.authorizer.error',
      integrationError: '$context.integrationErrorMessage',
    });
  });
});
