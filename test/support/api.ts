import { handler } from '../../lambdas/api.ts';
import type { HttpResult } from '../../lambdas/http/http-api.ts';
import type { LambdaContext } from '../../lambdas/runtime/relay-handler.ts';
import { type DoorSurroundings, httpEvent, printed, startDoors } from './doors.ts';

const parsed = ({ statusCode: status, headers, body }: HttpResult) => ({
  status,
  headers,
  body: body ? JSON.parse(body) : undefined,
});
type ApiAnswer = ReturnType<typeof parsed>;

/** The handler of the HTTP API, on the services that its doors stand on. */
export interface TestApi extends DoorSurroundings {
  /** Calls the handler as API Gateway does. The body comes back parsed. */
  call(method: string, path: string, body?: unknown, more?: Record<string, unknown>): Promise<ApiAnswer>;
  send(event: unknown, context?: LambdaContext): Promise<ApiAnswer>;
  /** What the last call has printed. */
  output(): string;
  /** The inputs of the executions that were started, and how often each was. */
  starts(): Record<string, unknown>[];
  /** As if nobody had asked for anything yet; records stay. */
  forget(): void;
}

export async function startApi(): Promise<TestApi> {
  const doors = await startDoors();
  let output = '';
  const send = async (event: unknown, context?: LambdaContext) => {
    const answers: HttpResult[] = [];
    output = await printed(async () => answers.push(await handler(event, context)));
    return parsed(answers[0] as HttpResult);
  };
  return {
    ...doors,
    send,
    call: (method, path, body, more) => send(httpEvent(method, path, body, more)),
    output: () => output,
    starts: () => [...doors.executions.values()].map(({ input, starts }) => ({ ...JSON.parse(input), starts })),
    forget() {
      doors.executions.clear();
      doors.events.length = 0;
      doors.failing.clear();
    },
  };
}

/** What an answer looks like that tells of this problem. */
export const problem = (type: string, status: number) => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { type: `/problems/${type}`, status },
});
