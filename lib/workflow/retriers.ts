/**
 * What the workflow retries, and how patiently: plain data, so that the simulation of a fleet waits exactly as the definition does.
 * Step Functions takes the first retrier of a state that names an error, and counts the attempts of each retrier by itself.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export interface Retrier {
  /** Names of errors. `States.ALL` stands alone, in the last retrier. */
  readonly errors: readonly string[];
  /** 0: an error of these names is not retried, whatever later retriers say. */
  readonly maxAttempts: number;
  /** Before the second attempt, before jitter. */
  readonly intervalSeconds: number;
  /** By what each pause is longer than the one before, up to `maxDelaySeconds`. */
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  /** `FULL`: anything from nothing to the pause. */
  readonly jitter: 'FULL' | 'NONE';
}

/** Errors that are ours and stay what they are until somebody deploys or calls the right thing: `lambdas/reveal/errors.ts`. */
export const permanentErrors = ['MissingConfiguration', 'UnexpectedState'] as const;

const neverRetried: Retrier = {
  errors: permanentErrors,
  maxAttempts: 0,
  intervalSeconds: 1,
  backoffRate: 1,
  maxDelaySeconds: 2,
  jitter: 'NONE',
};

/**
 * Lambda has no room for the invocation, or not yet. The handler never ran, and sooner or later there is room: no number of attempts is
 * too many, and they outlast the workflow. The first pause is long, as the crowd that fills the account is still there after two
 * seconds. With jitter, though it makes some pauses short: without, everybody who was refused together comes back together, is refused
 * again, and the account idles in between; 3,000 polls of 1.5 s through a concurrency of 10 then take 43 minutes in place of 8.
 */
export const throttled: Retrier = {
  errors: [
    'Lambda.TooManyRequestsException',
    'Lambda.EC2ThrottledException',
    'Lambda.ENILimitReachedException',
    'Lambda.SubnetIPAddressLimitReachedException',
    // Being created, updated, or woken up after weeks.
    'Lambda.ResourceConflictException',
    'Lambda.ResourceNotReadyException',
  ],
  maxAttempts: 10_000,
  intervalSeconds: 10,
  backoffRate: 2,
  maxDelaySeconds: 60,
  jitter: 'FULL',
};

/** Everything else, whatever AWS calls it: a list of what to retry always misses a name. */
const failed: Retrier = {
  errors: ['States.ALL'],
  maxAttempts: 6,
  intervalSeconds: 2,
  backoffRate: 2,
  maxDelaySeconds: 60,
  jitter: 'FULL',
};

/**
 * What fails in a state that settles cannot be caught: after it there is only the rule on executions that end, and the sweeper. So it
 * goes on for about half an hour, long enough for most outages of a service.
 */
const failedToSettle: Retrier = { ...failed, maxAttempts: 15, maxDelaySeconds: 300 };

/** Of the states that are caught when they cannot go on: `Admit` and `Poll`. */
export const workRetriers: readonly Retrier[] = [neverRetried, throttled, failed];
/** Of the states that settle. */
export const settleRetriers: readonly Retrier[] = [neverRetried, throttled, failedToSettle];
