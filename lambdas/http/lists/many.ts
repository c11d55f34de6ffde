import type * as z from 'zod/mini';
import type { RevealStatus } from '../../contract.ts';
import { isListName } from '../../reveal/lists/list-member.ts';
import type { LambdaContext } from '../../runtime/relay-handler.ts';
import type { Cancelling } from '../../usecases/ending/cancel.ts';
import type { Erasing } from '../../usecases/ending/erase.ts';
import { cancelling, erasing, type ResumingMany, resuming } from '../../usecases/lists/acts.ts';
import {
  type Act,
  type ActingOnMany,
  actOnList,
  actOnMatching,
  type ManyDone,
} from '../../usecases/lists/each-of-many.ts';
import { answerDueAt } from '../answer-due.ts';
import { type HttpRequest, readBody } from '../http-request.ts';
import { type HttpAnswer, problemAnswer, problemBody } from '../problem.ts';
import { filterProgressIn, progressCursor, progressIn } from './list-cursors.ts';
import { cancelBody, eraseBody, listBody, listResumeBody, type ManyAnswer, resumeManyBody } from './many-schema.ts';

type Many = ActingOnMany & Cancelling & Erasing & ResumingMany;

/** `POST /lists/{name}/cancel` */
export async function answerCancelList(request: HttpRequest, context: LambdaContext, many: Many): Promise<HttpAnswer> {
  return answerForList(request, context, many, listBody, () => cancelling(many));
}

/** `POST /lists/{name}/resume` */
export async function answerResumeList(request: HttpRequest, context: LambdaContext, many: Many): Promise<HttpAnswer> {
  return answerForList(request, context, many, listResumeBody, ({ startTasks }) =>
    resuming(many, { list: request.id, ...(startTasks && { startTasks }) }),
  );
}

/** `POST /lists/{name}/erase` */
export async function answerEraseList(request: HttpRequest, context: LambdaContext, many: Many): Promise<HttpAnswer> {
  return answerForList(request, context, many, listBody, () => erasing(many));
}

/** `POST /reveals/cancel` */
export async function answerCancelMany(request: HttpRequest, context: LambdaContext, many: Many): Promise<HttpAnswer> {
  const body = readBody(request, cancelBody, { optional: true });
  if (!body.ok) return body.answer;
  return answerForMatching({ ...body.value, status: 'running' }, cancelling(many), context, many);
}

/** `POST /reveals/resume` */
export async function answerResumeMany(request: HttpRequest, context: LambdaContext, many: Many): Promise<HttpAnswer> {
  const body = readBody(request, resumeManyBody);
  if (!body.ok) return body.answer;
  const { startTasks = false, ...wanted } = body.value;
  return answerForMatching(wanted, resuming(many, { startTasks }), context, many);
}

/** `POST /reveals/erase` */
export async function answerEraseMany(request: HttpRequest, context: LambdaContext, many: Many): Promise<HttpAnswer> {
  const body = readBody(request, eraseBody);
  return body.ok ? answerForMatching(body.value, erasing(many), context, many) : body.answer;
}

async function answerForList<Body extends z.ZodMiniType<{ cursor?: string | undefined }>>(
  request: HttpRequest,
  context: LambdaContext,
  many: Many,
  schema: Body,
  actOf: (body: z.output<Body>) => Act,
): Promise<HttpAnswer> {
  if (!isListName(request.id)) return problemAnswer('no-such-list');
  const body = readBody(request, schema, { optional: true });
  if (!body.ok) return body.answer;
  const { cursor } = body.value;
  const before = cursor === undefined ? undefined : progressIn(cursor);
  const act = actOf(body.value);
  const done = await actOnList(request.id, act, before, many, answerDueAt(context, many.now()));
  return typeof done === 'string' ? problemAnswer(done) : { status: 200, body: answerOf(done, request.id) };
}

async function answerForMatching(
  { cursor, ...wanted }: { status?: RevealStatus | undefined; since?: string | undefined; cursor?: string | undefined },
  act: Act,
  context: LambdaContext,
  many: Many,
): Promise<HttpAnswer> {
  const before = cursor === undefined ? undefined : filterProgressIn(cursor);
  const done = await actOnMatching(wanted, act, before, many, answerDueAt(context, many.now()));
  return { status: 200, body: answerOf(done) };
}

function answerOf(progress: ManyDone, list?: string): ManyAnswer {
  const { done, members, counts, left } = progress;
  const cursor = progressCursor(progress);
  return {
    ...(list !== undefined && { list }),
    done,
    ...(list !== undefined && { left: cursor === undefined ? 0 : Math.max(0, members - done) }),
    statuses: counts.statuses,
    erased: counts.erased,
    refused: left.map(({ revealId, because }) => ({ revealId, problem: problemBody(because) })),
    ...(cursor !== undefined && { cursor }),
  };
}
