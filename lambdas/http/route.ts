import { type ApiRoute, apiRoutes } from '../contract.ts';
import { taskId } from '../reveal/task-id.ts';

/** What says which route a request is for, in API Gateway's payload format 2.0. */
export interface RoutedEvent {
  /** The route that API Gateway chose, such as `GET /reveals/{id}`; `$default` for what is none of them. */
  routeKey: string;
  /** Decoded by API Gateway, though not by all that stand in for it. */
  pathParameters?: Readonly<Record<string, string>> | null | undefined;
  method: string;
  /** Begins with the name of the stage, unless that is `$default`. */
  rawPath: string;
  stage?: string | undefined;
}

/** A route, with the `{id}` or `{name}` in its path, or else an empty one; or the methods of a path that has no such method. */
export type RouteMatch = { route: ApiRoute; id: string } | { methods: string[] };

/**
 * Which of our routes a request is for. API Gateway has said so, whatever comes before our path in the URL. What it takes for
 * none of them is told by its path: whether there is such a path with another method, or one with a slash at its end.
 *
 * @returns no methods if there is no such path, or its id cannot be one
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function routeOf(event: RoutedEvent): RouteMatch {
  const route = apiRoutes.find((candidate) => candidate === event.routeKey);
  if (!route) return routeByPath(event.method, segmentsOf(withoutStage(event)));
  const parameter = parameterOf(route);
  if (parameter === undefined) return { route, id: '' };
  // No id holds a percent sign: what has been decoded already stays as it is.
  const id = decoded(event.pathParameters?.[parameter] ?? '');
  return isId(id) ? { route, id } : { methods: [] };
}

function routeByPath(method: string, segments: readonly string[] | undefined): RouteMatch {
  const routes = segments ? apiRoutes.filter((route) => pathMatches(pathOf(route), segments)) : [];
  const route = routes.find((candidate) => methodOf(candidate) === method);
  if (!route) return { methods: routes.map(methodOf) };
  return { route, id: segments?.[pathOf(route).findIndex(isParameter)] ?? '' };
}

const methodOf = (route: ApiRoute) => route.split(' ')[0] as string;
const pathOf = (route: ApiRoute) => (route.split(' ')[1] as string).split('/').slice(1);

const isParameter = (part: string) => part.startsWith('{');
/** What the part of a route's path is called that requests fill in. */
const parameterOf = (route: ApiRoute) => pathOf(route).find(isParameter)?.slice(1, -1);

const pathMatches = (path: readonly string[], segments: readonly string[]) =>
  path.length === segments.length && path.every((part, at) => isParameter(part) || part === segments[at]);

function withoutStage({ rawPath, stage }: RoutedEvent): string {
  return stage !== undefined && rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
}

/** API Gateway hands over paths decoded, others do not. What cannot be part of an id cannot be part of a path of ours. */
function segmentsOf(path: string): string[] | undefined {
  if (!path.startsWith('/') || path.length > 1_024) return undefined;
  const segments = path.replace(/\/$/, '').slice(1).split('/').map(decoded);
  return segments.every(isId) ? segments : undefined;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

const isId = (text: string | undefined): text is string => taskId.safeParse(text).success;
