/** One route of an HTTP API, such as `GET /reveals/{id}`, `ANY /files/{proxy+}` or `$default`. */
export interface Route<Target> {
  readonly key: string;
  readonly target: Target;
}

export interface MatchedRoute<Target> extends Route<Target> {
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds the route of a request as API Gateway does: the one with the most fixed segments first, then parameters, then
 * `{proxy+}`, then `$default`.
 *
 * @param path as it came, still encoded
 * @throws URIError when a parameter is not properly encoded
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function matchRoute<Target>(
  routes: readonly Route<Target>[],
  method: string,
  path: string,
): MatchedRoute<Target> | undefined {
  const segments = path.split('/').slice(1);
  let best: { route: MatchedRoute<Target>; rank: string } | undefined;
  for (const route of routes) {
    const [routeMethod, pattern = ''] = route.key === '$default' ? ['ANY', '/{default+}'] : route.key.split(' ');
    if (routeMethod !== 'ANY' && routeMethod !== method) continue;
    const matched = matchPath(pattern.split('/').slice(1), segments);
    if (!matched) continue;
    const rank = route.key === '$default' ? '' : `${matched.rank}${routeMethod === 'ANY' ? 0 : 1}`;
    if (best === undefined || rank > best.rank) {
      const pathParameters = route.key === '$default' ? {} : matched.parameters;
      best = { route: { ...route, pathParameters }, rank };
    }
  }
  return best?.route;
}

/** The rank has a digit per segment: 3 for a fixed one, 2 for a parameter, 1 for the rest of the path. */
function matchPath(pattern: readonly string[], segments: readonly string[]) {
  const parameters: Record<string, string> = {};
  let rank = '';
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    const name = /^\{(\w+)(\+?)\}$/.exec(part);
    if (name?.[2]) {
      parameters[String(name[1])] = segments.slice(index).map(decodeURIComponent).join('/');
      return { parameters, rank: `${rank}1` };
    }
    if (segment === undefined) return undefined;
    if (name) {
      if (segment === '') return undefined;
      parameters[String(name[1])] = decodeURIComponent(segment);
      rank += '2';
    } else {
      if (part !== segment) return undefined;
      rank += '3';
    }
  }
  return segments.length === pattern.length ? { parameters, rank } : undefined;
}
