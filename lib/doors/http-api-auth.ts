import { HttpNoneAuthorizer, type IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';

/** Whose tokens let in, and for whom they have to be. */
export interface JwtAuthProps {
  /** Who issues the tokens, such as `https://login.example.com/`. API Gateway fetches the keys from there. */
  readonly issuer: string;
  /** Whom the tokens are for: one of these must be in a token's `aud` or `client_id`. */
  readonly audience: string[];
}

/** Who may call the HTTP API. There is no way to leave it open by leaving something out. */
export class HttpApiAuth {
  /** Principals of AWS with `execute-api:Invoke` on the API. Requests are signed with Signature Version 4. */
  static iam(): HttpApiAuth {
    return new HttpApiAuth(new HttpIamAuthorizer());
  }

  /** Bearers of a token. Every valid token may do everything that the API offers. */
  static jwt({ issuer, audience }: JwtAuthProps): HttpApiAuth {
    if (audience.length === 0) {
      throw new Error(
        'HttpApiAuth.jwt has no audience: name whom the tokens are for, or any token of the issuer would do.',
      );
    }
    return new HttpApiAuth(new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: audience }));
  }

  /**
   * Everybody who knows the address may read and erase contact data, and use up your polls. For an API that is closed off in
   * some other way.
   */
  static dangerouslyOpenToTheInternet(): HttpApiAuth {
    return new HttpApiAuth(new HttpNoneAuthorizer());
  }

  /** As CDK knows it. */
  readonly authorizer: IHttpRouteAuthorizer;

  private constructor(authorizer: IHttpRouteAuthorizer) {
    this.authorizer = authorizer;
  }
}
