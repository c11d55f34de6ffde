/** What a service says in place of doing what it was asked. The message quotes the request, so that whoever repeats it leaks. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
}

/** The service's answer to a call that goes wrong in this way; undefined if the connection says it. */
export function refusalOf(how: unknown, request: string): Refusal | undefined {
  const refused = (status: number, __type: string) => ({
    status,
    body: JSON.stringify({ __type, message: `Refused: ${request}`, Message: `Refused: ${request}` }),
  });
  switch (how) {
    case 'throttled':
      return refused(400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException');
    case 'failing':
      return refused(500, 'InternalServerError');
    case 'denied':
      return refused(400, 'AccessDeniedException');
    case 'missing':
      return refused(400, 'ResourceNotFoundException');
    case 'empty':
      return { status: 200, body: '{}' };
    case 'not taken': {
      const entry = { ErrorCode: 'InternalFailure', ErrorMessage: `Refused: ${request}` };
      return { status: 200, body: JSON.stringify({ FailedEntryCount: 1, Entries: [entry] }) };
    }
    default:
      return undefined;
  }
}
