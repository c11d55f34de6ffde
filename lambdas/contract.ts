/**
 * What crosses a boundary: the names and shapes that the CDK app, the workflow, the handlers and their users share.
 * Types and constants only, so that a rename is a compile error on both sides.
 */

/** One handler per file in `lambdas/`, bundled under this name. */
export const handlerNames = [
  'admit',
  'start-task',
  'poll',
  'settle',
  'ended',
  'sweep',
  'api',
  'request',
  'deliver',
] as const;
export type HandlerName = (typeof handlerNames)[number];

/** The settings, and the environment variable that carries each from the construct to the handlers. */
export const envNames = {
  revealsTable: 'REVEALS_TABLE',
  /** An ARN, which names one bus wherever it is. */
  eventBus: 'EVENT_BUS',
  apiKeySecret: 'API_KEY_SECRET',
  fiberBaseUrl: 'FIBER_BASE_URL',
  budgetTable: 'BUDGET_TABLE',
  pollsPerMinute: 'POLLS_PER_MINUTE',
  startsPerMinute: 'STARTS_PER_MINUTE',
  maxCreditsPerDay: 'MAX_CREDITS_PER_DAY',
  keyShare: 'KEY_SHARE',
  interactiveShare: 'INTERACTIVE_SHARE',
  maxWaitSeconds: 'MAX_WAIT_SECONDS',
  retentionDays: 'RETENTION_DAYS',
  stateMachine: 'STATE_MACHINE',
  deadLetters: 'DEAD_LETTERS',
  relayName: 'RELAY_NAME',
  /** `off` where the HTTP API answers at once whoever would wait for a reveal. */
  apiWaiting: 'API_WAITING',
  /** JSON, a list of `WebhookReceiver`. */
  webhooks: 'WEBHOOKS',
  /** Of the receivers, if there are any. */
  webhookNames: 'WEBHOOK_NAMES',
} as const;
export type Setting = keyof typeof envNames;

/** Settings that are numbers greater than zero; all others are text. */
export const numericSettings = [
  'pollsPerMinute',
  'startsPerMinute',
  'maxCreditsPerDay',
  'keyShare',
  'interactiveShare',
  'maxWaitSeconds',
  'retentionDays',
] as const satisfies readonly Setting[];

/** Settings that a relay may be without. */
export const optionalSettings = [
  'relayName',
  'maxCreditsPerDay',
  'apiWaiting',
  'webhookNames',
] as const satisfies readonly Setting[];

type NumericSetting = (typeof numericSettings)[number];
type OptionalSetting = (typeof optionalSettings)[number];

/** These settings with their values. */
export type Settings<Of extends Setting = Setting> = {
  readonly [Name in Exclude<Of, OptionalSetting>]: ValueOf<Name>;
} & { readonly [Name in Extract<Of, OptionalSetting>]?: ValueOf<Name> | undefined };
type ValueOf<Name extends Setting> = Name extends NumericSetting ? number : string;

/** What it takes to reserve a slot, to ask the vendor for a reveal, and to say on the bus how one has ended. */
const scheduling = [
  'budgetTable',
  'maxWaitSeconds',
  'pollsPerMinute',
  'keyShare',
  'interactiveShare',
] as const satisfies readonly Setting[];
const asking = ['revealsTable', 'retentionDays', 'apiKeySecret', 'fiberBaseUrl'] as const satisfies readonly Setting[];
const announcing = ['eventBus', 'relayName'] as const satisfies readonly Setting[];

/**
 * Which settings each handler reads. The construct sets these and no others: one that it forgets does not compile, nor does a
 * handler that reads one that is not listed.
 */
export const handlerSettings = {
  admit: ['revealsTable', 'retentionDays', ...scheduling],
  'start-task': [...scheduling, ...asking, 'startsPerMinute', 'maxCreditsPerDay'],
  poll: [...scheduling, ...asking],
  settle: ['revealsTable', ...announcing, 'retentionDays'],
  ended: ['revealsTable', ...announcing, 'retentionDays'],
  sweep: [...scheduling, ...asking, ...announcing, 'stateMachine', 'maxCreditsPerDay'],
  api: [
    'revealsTable',
    'budgetTable',
    'stateMachine',
    ...announcing,
    'retentionDays',
    'maxCreditsPerDay',
    'pollsPerMinute',
    'startsPerMinute',
    'keyShare',
    'interactiveShare',
    'apiWaiting',
    'webhookNames',
  ],
  request: ['revealsTable', 'stateMachine', ...announcing, 'deadLetters', 'retentionDays'],
  deliver: ['revealsTable', 'retentionDays', 'webhooks'],
} as const satisfies Record<HandlerName, readonly Setting[]>;

/** The settings of one handler, with their values. */
export type SettingsOf<Handler extends HandlerName> = Settings<(typeof handlerSettings)[Handler][number]>;

/** What the id of a reveal may look like, which is the id of the vendor's task. */
export const revealIdForm = { pattern: /^[A-Za-z0-9][A-Za-z0-9._:~=+-]*$/, mostCharacters: 256 } as const;

/** What the name of a relay on a shared bus may look like: requests carry it, and events. */
export const relayNameForm = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  says: '1 to 64 letters, digits or . _ -',
} as const;

/** What the name of a list of reveals may look like. It becomes a part of keys and paths. */
export const listNameForm = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  says: '1 to 64 letters, digits or . _ -',
} as const;

/** Keys of the reveals table: the record is the part named `reveal`; an answer too large for it lies in further parts. */
export const revealsKey = { partition: 'revealId', sort: 'part', record: 'reveal', timeToLive: 'expiresAt' } as const;

/** The item of the reveals table that says what the relay knows of itself. No reveal's id begins like it. */
export const relayItemKey = { [revealsKey.partition]: '#relay', [revealsKey.sort]: 'relay' } as const;

/**
 * The index behind the list of reveals: all records under one constant partition, by the time of their claim. It holds what a
 * list shows and nothing that changes from poll to poll, so that progress costs no write here.
 */
export const listIndex = {
  name: 'byCreation',
  partition: 'list',
  partitionValue: 'reveals',
  /** `<createdAt>#<revealId>` */
  sort: 'listedAt',
  shown: [
    'status',
    'reason',
    'generation',
    'priority',
    'reference',
    'createdAt',
    'settledAt',
    'found',
    'erasedAt',
    'expiresAt',
  ],
} as const;

/**
 * The members of the lists that callers name: items of the reveals table under the list's own key, each named by its reveal, and in the index above under a
 * partition for each list. No reveal's id begins with `#`, and the partition of all reveals has none.
 */
export const listMembers = {
  keyOf: (list: string) => `#list#${list}`,
  partitionOf: (list: string) => `list#${list}`,
} as const;

/** The index of the records that somebody has still something to do about: what the sweeper reads. */
export const openIndex = { name: 'open', partition: 'open', partitionValue: 'open', sort: 'createdAt' } as const;

/** The budgets' own small table: one item for polls that all handlers share, one for paid starts, and one for what was learned of durations. */
export const budgetKey = { partition: 'id', budget: 'budget', durations: 'durations', starts: 'starts' } as const;

/** Who is waiting: a person for this one answer, or nobody in particular for many. */
export const priorities = ['interactive', 'bulk'] as const;
export type Priority = (typeof priorities)[number];

/** How a reveal ended. */
export const outcomes = ['completed', 'failed', 'timed-out', 'cancelled', 'errored'] as const;
export type Outcome = (typeof outcomes)[number];

/** Where a reveal stands. */
export const statuses = ['running', ...outcomes] as const;
export type RevealStatus = (typeof statuses)[number];

/** Why a reveal did not complete, in one word that is safe to log, publish and alarm on. */
export type Reason =
  | 'vendor-failed'
  | 'task-not-found'
  | 'task-refused'
  | 'key-unavailable'
  | 'key-refused'
  | 'out-of-credits'
  | 'request-refused'
  | 'deadline-passed'
  | 'answers-unusable'
  | 'vendor-unavailable'
  | 'relay-fault'
  | 'cancelled-by-caller'
  /** The vendor refuses to start a task for this profile. Nothing was charged. */
  | 'start-refused'
  /** Nobody knows whether the vendor has started, and charged for, a task. */
  | 'start-unknown'
  /** A start would have cost more than was allowed. Nothing was charged. */
  | 'credit-cap-reached'
  /** The reveal has ended before its task was started. Nothing was charged. */
  | 'not-started';

/** What the `Next?` choice reads. `rejected`: the input was not a reveal at all, and nothing was written. */
export type NextChoice = 'pending' | 'to-start' | 'duplicate' | 'rejected' | Outcome;

/** The workflow's state between handlers: ids, counts and times only, never contact data, never the key. */
export interface RevealState {
  revealId: string;
  /** Which attempt at this reveal: an earlier one that did not complete may be started again. */
  generation: number;
  outcome: NextChoice;
  /** ISO 8601, UTC: when `WaitForSlot` lets go. Present while `outcome` is `pending`. */
  nextPollAt?: string;
  /** ISO 8601, UTC: when `WaitToStart` lets go. Present while `outcome` is `to-start`. */
  nextStartAt?: string;
  /** A task that the vendor has named, and that the table would not take yet. */
  startedTask?: object;
  /** Where the reveal stands with the budget of polls, or of starts: times, counts and its priority. Absent in an execution of an earlier version. */
  turn?: object;
  reason?: Reason;
  /** With `duplicate`: where the reveal stands that somebody else has, and what it has found. */
  status?: RevealStatus;
  found?: Found;
}

/** What `Admit` answers when the input is not a reveal request: nothing was written, and `SettleNotRevealed` says why. */
export interface RejectedState {
  outcome: 'rejected';
}

/** What the states receive: the workflow hands over its own identity and input beside the state. */
export interface WorkflowCall {
  /** Whatever the state is at that point: a RevealState or a caught error. Absent for `Admit`, whose state is the input. */
  state?: unknown;
  /** `$$.Execution.Id`: the execution's ARN. */
  executionArn: string;
  /** `$$.Execution.Input`: what the caller gave. Untrusted. */
  input: unknown;
}

/** What a settle state answers: the end of the execution, and for a failed one the named error it ends with. */
export interface SettledState {
  revealId?: string;
  outcome: NextChoice;
  reason?: Reason;
  polls?: number;
  found?: Found;
  error?: string;
  cause?: string;
}

/** How much a reveal found: counts, never the data. */
export interface Found {
  /** E-mail addresses of high quality. */
  emails: number;
  /** The others, which readers get only where they ask. */
  lowQualityEmails: number;
  /** Phone numbers of any type. */
  phoneNumbers: number;
}

/** The source of every event that the relay sends. */
export const eventSource = 'reveal-relay';
/** What the events are called: their detail types. */
export const eventTypes = {
  /** Comes in, from any source: starts a reveal. */
  requested: 'Contact Reveal Requested',
  /** Answers a request that cannot be started as it is. */
  rejected: 'Contact Reveal Rejected',
  completed: 'Contact Reveal Completed',
  failed: 'Contact Reveal Failed',
  /** The vendor warned that few credits are left. */
  lowCredits: 'Low Credits',
  /** Most of what may be spent on starts in one day is spent. */
  creditCapNear: 'Credit Cap Near',
} as const;
export type EventType = (typeof eventTypes)[keyof typeof eventTypes];

/** What a receiver of webhooks may be told of: all that the relay says on the bus. A request there is somebody else's word. */
export type WebhookEventType = Exclude<EventType, typeof eventTypes.requested>;

/** The same as values. Written out, as a bundle keeps what is computed. */
export const webhookEventTypes = [
  'Contact Reveal Completed',
  'Contact Reveal Failed',
  'Contact Reveal Rejected',
  'Low Credits',
  'Credit Cap Near',
] as const satisfies readonly WebhookEventType[];

/** Somebody who is told by an HTTPS request. */
export interface WebhookReceiver {
  readonly name: string;
  readonly url: string;
  /** `result`: with the contact data that there is when it is delivered. */
  readonly include: 'pointer' | 'result';
  /** Addresses and ranges that may be connected to though they are not public. */
  readonly allowAddresses: readonly string[];
  /** ARN of the secret that signs what it is sent. */
  readonly secret: string;
  /** URL of its queue, and of that for what could not be delivered. */
  readonly queue: string;
  readonly deadLetters: string;
}

/** What the name of a receiver may look like: it is part of ids, and of what is logged. */
export const webhookNameForm = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/,
  says: '1 to 40 letters, digits or . -',
} as const;

/**
 * Seconds between an attempt to deliver a webhook and the next one: two days together. SQS hides a message for twelve hours at most, and each of
 * these may grow by a tenth.
 */
export const webhookWaits = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000, 36_000] as const;
/** One more than there are waits. */
export const webhookAttempts = 11;

/** Marks a message that somebody has sent again: it is tried though its receiver is switched off, which may switch it on. */
export const webhookSentAgain = 'sentAgain';

/** The routes of the HTTP API, as API Gateway writes them. */
export const apiRoutes = [
  'POST /reveals',
  'GET /reveals',
  'POST /reveals/batch',
  'GET /reveals/{id}',
  'DELETE /reveals/{id}',
  'POST /reveals/{id}/resume',
  'GET /reveals/{id}/answer',
  'POST /reveals/{id}/reread',
  'DELETE /reveals/{id}/result',
  'POST /reveals/cancel',
  'POST /reveals/resume',
  'POST /reveals/erase',
  'POST /erasures',
  'GET /lists/{name}',
  'GET /lists/{name}/results',
  'POST /lists/{name}/cancel',
  'POST /lists/{name}/resume',
  'POST /lists/{name}/erase',
  'GET /starts',
  'POST /starts/pause',
  'POST /starts/go',
] as const;
export type ApiRoute = (typeof apiRoutes)[number];

/** What the relay measures of itself, beside what AWS measures of its parts. CloudWatch charges $0.30 a month for each beyond the tenth. */
export const metricNamespace = 'reveal-relay';
export const metricNames = {
  openReveals: 'OpenReveals',
  healedReveals: 'HealedReveals',
  unhealedReveals: 'UnhealedReveals',
  lateReveals: 'LateReveals',
  waitingForKey: 'RevealsWaitingForKey',
  waitingForCredits: 'RevealsWaitingForCredits',
  overdueReveals: 'OverdueReveals',
  vendorFailures: 'VendorFailures',
  endedWithoutResult: 'RevealsEndedWithoutResult',
  unknownStarts: 'UnknownStarts',
  creditsSpent: 'CreditsSpent',
} as const;

/** The vendor's public address. Another one is a matter of deployment: whoever answers there gets the key. */
export const fiberBaseUrl = 'https://api.fiber.ai';

/**
 * The vendor's address as it is used everywhere, without a slash at its end: an https address, with a path where a gateway stands
 * in front of the vendor, or a plain one on this machine. Undefined for any other: it would show the key.
 */
export function fiberAddress(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.search || url.hash || url.username || url.password) return undefined;
  const isOnLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isOnLoopback);
  return isSafe ? `${url.origin}${url.pathname.replace(/\/+$/, '')}` : undefined;
}

/** What the construct is set to where nobody says otherwise; the simulation takes the same. */
export const relayDefaults = {
  pollsPerMinute: 240,
  startsPerMinute: 120,
  keyShare: 1,
  interactiveShare: 0.25,
  /**
   * An hour. The vendor's worst case is 8 minutes and a backlog of 10,000 takes 44 to drain, so that a burst is over before anybody's
   * deadline, and whoever has to rotate a key or top up the account has time to.
   */
  maxWaitSeconds: 3_600,
  retentionDays: 30,
} as const;

/** In the context of the app that makes the template for a laptop: settings that name something in AWS are left out there. */
export const embeddedContext = 'reveal-relay:embedded';

/** What CloudFormation outputs are called. */
export const outputNames = {
  stateMachine: 'StateMachineArn',
  revealsTable: 'RevealsTableName',
  eventBus: 'EventBusName',
  apiKeySecret: 'ApiKeySecretArn',
  fillApiKey: 'FillApiKeyWith',
  api: 'ApiUrl',
  deadLetters: 'DeadLettersUrl',
  sweep: 'SweepFunctionName',
  sweepSchedule: 'SweepScheduleName',
  settings: 'RelaySettings',
  /** JSON: the name, queue, dead letters and secret of each receiver. There only if there are receivers. */
  webhooks: 'Webhooks',
} as const;

/** What a reveal can look for: all of it, where a request names nothing. */
export const findKinds = ['work-emails', 'personal-emails', 'phone-numbers'] as const;
export type FindKind = (typeof findKinds)[number];

/** Credits that the vendor lists for a reveal by what it looks for. Other bundles have no listed price. */
export const listPrices: readonly { readonly find: readonly FindKind[]; readonly credits: number }[] = [
  { find: findKinds, credits: 12 },
  { find: ['work-emails', 'personal-emails'], credits: 9 },
  { find: ['work-emails'], credits: 5 },
  { find: ['personal-emails'], credits: 5 },
  { find: ['phone-numbers'], credits: 4 },
];

/** Seconds of a paid call. A call that is given up on early is one of which nobody knows whether it was paid for. */
export const startCallSeconds = {
  /** How long the vendor's answer is waited for. */
  answer: 30,
  /** Between the intent and the moment at which the call leaves. One that would leave later does not. */
  leavesWithin: 5,
  /** The time-out of the handler: a slot that is slept for, the call, and the writes around it, each tried until it is given up on. */
  handlerLives: 120,
} as const;
