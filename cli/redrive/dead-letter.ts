import { eventSource, eventTypes } from '../../lambdas/contract.ts';
import { jsonObject } from '../json-object.ts';
import { isRevealId } from '../reveal-id.ts';

/** A message of the dead-letter queue: its body, and its attributes by name. */
export interface Message {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A request for a reveal, as it is put on the bus. */
export interface RequestedReveal {
  readonly source: string;
  readonly detail: object;
  readonly time?: Date;
  readonly resources?: readonly string[];
}

/** What a letter is about. `what` and `why` are safe to print: ids and names that are well-formed, nothing else of it. */
export type DeadLetter =
  /** A request that a fault has stopped: sending it again helps once the fault is mended. */
  | { readonly kind: 'request'; readonly what: string; readonly why: string; readonly request: RequestedReveal }
  /** An event that a receiver of webhooks has not taken. */
  | { readonly kind: 'webhook'; readonly what: string; readonly why: string }
  /** A request that nobody can start as it is: only its sender can change that. */
  | { readonly kind: 'rejected'; readonly what: string; readonly why: string }
  /** About something that the sweeper finds by itself. */
  | { readonly kind: 'healed'; readonly what: string; readonly why: string }
  | { readonly kind: 'unknown'; readonly what: string; readonly why: string };

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a letter, whoever has put it there.
 *
 * | by | body | why |
 * | --- | --- | --- |
 * | Lambda, for a handler that failed three times | `requestPayload` is the event | `responsePayload.errorType` |
 * | the request handler, for a request that is none | the same | `responsePayload.errorMessage` |
 * | EventBridge, for an event that it could not hand over | the event | attribute `ERROR_CODE` |
 * | SQS, for a webhook that was not taken; the deliver handler, for a receiver that is switched off | the event of the relay | no reason |
 * | the Scheduler, for a sweep that it could not start | the event of the schedule | attribute `ERROR_CODE` |
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export function readDeadLetter({ body, attributes }: Message): DeadLetter {
  const letter = jsonObject(body) ?? {};
  const { requestContext, requestPayload, responsePayload } = letter;
  const isReport = typeof requestContext === 'object' && 'requestPayload' in letter;
  const event = isReport ? asObject(requestPayload) : letter;
  const { condition } = asObject(requestContext);
  const { errorType, errorMessage } = asObject(responsePayload);
  if (isReport && condition === 'RequestRejected') {
    return { kind: 'rejected', what: describeRequest(event), why: `rejected: ${errorMessage}` };
  }

  const why = firstName(isReport ? [errorType, condition] : [attributes.ERROR_CODE]);
  if (event['detail-type'] === eventTypes.requested) {
    const request = readRequest(event);
    return request
      ? { kind: 'request', what: describeRequest(event), why, request }
      : { kind: 'unknown', what: 'something like a request, without source or detail', why };
  }
  if (event.source === eventSource && event['detail-type'] !== eventTypes.requested) {
    return { kind: 'webhook', what: describeEvent(event), why: 'not delivered' };
  }
  if (event['detail-type'] === 'Step Functions Execution Status Change') {
    return { kind: 'healed', what: 'an execution that ended', why };
  }
  if (event.source === 'aws.scheduler' || 'SCHEDULE_ARN' in attributes) {
    return { kind: 'healed', what: 'a sweep that was not started', why };
  }
  return { kind: 'unknown', what: 'something that the relay did not put there', why };
}

function readRequest({ source, detail, time, resources }: Json): RequestedReveal | undefined {
  if (typeof source !== 'string' || typeof detail !== 'object' || detail === null) return undefined;
  const sentAt = new Date(String(time));
  return {
    source,
    detail,
    ...(!Number.isNaN(sentAt.getTime()) && { time: sentAt }),
    ...(Array.isArray(resources) && { resources: resources.map(String) }),
  };
}

function describeRequest({ id, detail }: Json): string {
  const { taskId } = asObject(detail);
  const name = typeof id === 'string' && /^[A-Za-z0-9-]{1,128}$/.test(id) ? `request ${id}` : 'a request';
  return isRevealId(taskId) ? `${name} for ${taskId}` : name;
}

function describeEvent({ 'detail-type': type, detail }: Json): string {
  const { revealId } = asObject(detail);
  const isKnown = (Object.values(eventTypes) as unknown[]).includes(type);
  const name = isKnown ? String(type) : 'an event';
  return isRevealId(revealId) ? `${name} of ${revealId}` : name;
}

/** The first that looks like the name of an error: what else an error says may hold anything. */
function firstName(names: readonly unknown[]): string {
  const name = names.find((candidate) => typeof candidate === 'string' && /^[A-Za-z][\w.:-]{0,63}$/.test(candidate));
  return name === undefined ? 'no reason given' : String(name);
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
