import { describe, expect, it } from 'vitest';
import { readDeadLetter } from '../../../cli/redrive/dead-letter.ts';

const id = '6f1c2a4e-0d5b-4f0e-9a63-5d1f0c7b8a21';
const request = {
  version: '0',
  id,
  'detail-type': 'Contact Reveal Requested',
  source: 'crm',
  account: '111122223333',
  time: '2026-11-23T12:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:crm:::lead/7'],
  detail: { taskId: 'task-1', reference: 'lead-7' },
};
const ended = {
  ...request,
  'detail-type': 'Step Functions Execution Status Change',
  source: 'aws.states',
  detail: { status: 'ABORTED', input: '{"taskId":"task-1"}' },
};
const sweep = { ...request, 'detail-type': 'Scheduled Event', source: 'aws.scheduler', detail: '{}' };

/** As Lambda lays down an event that a handler failed on. */
const report = (event: unknown, more: object = {}) => ({
  version: '1.0',
  timestamp: '2026-11-23T12:03:10.000Z',
  requestContext: {
    requestId: 'e4b46cbf-b738-xmpl-8880-a18cdf61200e',
    functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:Request:$LATEST',
    condition: 'RetriesExhausted',
    approximateInvokeCount: 3,
  },
  requestPayload: event,
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: { errorType: 'RelayFault', errorMessage: 'DynamoDB did not do what was asked: ada@example.com.' },
  ...more,
});
const read = (body: unknown, attributes: Record<string, string> = {}) =>
  readDeadLetter({ body: typeof body === 'string' ? body : JSON.stringify(body), attributes });

describe('a request', () => {
  const asSent = {
    source: 'crm',
    detail: request.detail,
    time: new Date(request.time),
    resources: request.resources,
  };

  it('that a handler failed on is to be sent again, as its sender had sent it', () => {
    expect(read(report(request))).toEqual({
      kind: 'request',
      what: `request ${id} for task-1`,
      why: 'RelayFault',
      request: asSent,
    });
  });

  it('that was too old for Lambda is one, though no handler has seen it', () => {
    const { requestContext, requestPayload } = report(request);
    const unseen = { requestContext: { ...requestContext, condition: 'EventAgeExceeded' }, requestPayload };
    expect(read(unseen)).toMatchObject({ kind: 'request', why: 'EventAgeExceeded', request: asSent });
  });

  it('that EventBridge could not hand over is one: the letter is the event', () => {
    const attributes = { RULE_ARN: 'arn:aws:events:eu-west-1:111122223333:rule/bus/r', ERROR_CODE: 'NO_PERMISSIONS' };
    expect(read(request, attributes)).toMatchObject({ kind: 'request', why: 'NO_PERMISSIONS', request: asSent });
  });

  it('that was rejected is not, and says what its sender has to change', () => {
    const rejected = report(
      { ...request, detail: { task: 'ada@example.com' } },
      {
        requestContext: { condition: 'RequestRejected' },
        responsePayload: { errorType: 'RequestRejected', errorMessage: 'taskId is missing' },
      },
    );
    expect(read(rejected)).toEqual({ kind: 'rejected', what: `request ${id}`, why: 'rejected: taskId is missing' });
  });

  it('without source or detail cannot be sent', () => {
    expect(read(report({ ...request, source: undefined }))).toMatchObject({ kind: 'unknown' });
    expect(read(report({ ...request, detail: 'text' }))).toMatchObject({ kind: 'unknown' });
  });
});

it.each([
  ['an execution that ended, from its handler', report(ended), {}, 'RelayFault'],
  ['an execution that ended, from EventBridge', ended, { ERROR_CODE: 'SDK_CLIENT_ERROR' }, 'SDK_CLIENT_ERROR'],
  ['a sweep', sweep, { ERROR_CODE: 'AWS.Lambda.AWSLambdaException' }, 'AWS.Lambda.AWSLambdaException'],
  ['a sweep whose payload is not the usual one', {}, { SCHEDULE_ARN: 'arn:aws:scheduler:::schedule/default/s' }, ''],
])('leaves to the sweeper what it finds by itself: %s', (_of, body, attributes, why) => {
  expect(read(body, attributes)).toMatchObject({ kind: 'healed', why: why || 'no reason given' });
});

it.each(['', 'no JSON', '[]', 'null', '{"requestContext":null}', '{"requestContext":1,"requestPayload":{}}'])(
  'knows nothing of %s',
  (body) => {
    expect(read(body)).toMatchObject({ kind: 'unknown' });
  },
);

it('shows nothing of a letter but ids and names that look like some', () => {
  const odd = { ...request, id: 'ada@example.com', detail: { taskId: 'ada@example.com' } };
  const more = { responsePayload: { errorType: 'ada@example.com', errorMessage: 'ada@example.com' } };
  const { what, why } = read(report(odd, more));
  expect({ what, why }).toEqual({ what: 'a request', why: 'RetriesExhausted' });
});
