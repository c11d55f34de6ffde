/**
 * The errors that leave a handler. Step Functions matches `name` in Retry and Catch and keeps the message for 90 days, so
 * names are literals (a minifier renames classes) and messages hold no vendor answer, no request and no key.
 */
abstract class RelayError extends Error {
  abstract override readonly name: string;
}

/** What else an SDK's error says that is safe to log, and that its service's support asks for. */
export interface FaultFacts {
  /** Such as `ECONNREFUSED`. */
  readonly code?: string;
  readonly awsRequestId?: string;
  /** The service wants to be asked less often. */
  readonly isThrottle?: boolean;
}

/** A service that we call failed or did not answer. Passing, as far as we know: Step Functions retries it. */
export class RelayFault extends RelayError {
  override readonly name = 'RelayFault';
  readonly service: string;
  readonly fault: string;
  readonly facts: FaultFacts;

  constructor(service: string, fault: string, facts: FaultFacts = {}) {
    super(`${service} did not do what was asked: ${fault}.`);
    this.service = service;
    this.fault = fault;
    this.facts = facts;
  }
}

/** A handler was deployed without something it needs. Not retried: nothing changes until somebody deploys. */
export class MissingConfiguration extends RelayError {
  override readonly name = 'MissingConfiguration';

  constructor(variable: string, problem: string) {
    super(
      `Environment variable ${variable} ${problem}. The RevealRelay construct sets it: deploy again with the construct.`,
    );
  }
}

/** A handler was called by something that is not our workflow. */
export class UnexpectedState extends RelayError {
  override readonly name = 'UnexpectedState';

  constructor(handler: string) {
    super(`${handler} was called with a state that is not the workflow's. Start the state machine, not the function.`);
  }
}

/** The table has reveals of people, and lacks the salt by which they are found: starting would pay for everybody once more. */
export class SaltMissing extends RelayError {
  override readonly name = 'SaltMissing';

  constructor() {
    super(
      'The reveals table has reveals of people and lacks the salt from which their ids are made: restore its item "#relay" from a backup. Nothing is started until then.',
    );
  }
}

const serviceErrorName = /^[A-Za-z][A-Za-z0-9.]{0,63}$/;

/** The part of somebody else's error that is safe to repeat: its name, if it looks like one. */
export function safeErrorName(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  return serviceErrorName.test(name) ? name : 'UnknownError';
}

/** What a log says of an error: names and ids that look like ones, and the message only if it is ours. */
export function loggedFacts(error: unknown): Record<string, string> {
  const errorName = safeErrorName(error);
  if (!isRelayError(error)) return { errorName };
  const { code, awsRequestId } = isRelayFault(error) ? error.facts : {};
  return { errorName, problem: error.message, ...(code && { code }), ...(awsRequestId && { awsRequestId }) };
}

/** Whether a service wants to be asked less often, in whatever words. */
export function isThrottle(error: unknown): boolean {
  return isRelayFault(error) && error.facts.isThrottle === true;
}

export function isRelayFault(error: unknown): error is RelayFault {
  return error instanceof RelayFault;
}

export function isRelayError(error: unknown): error is RelayError {
  return error instanceof RelayError;
}
