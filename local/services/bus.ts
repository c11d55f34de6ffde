import { randomUUID } from 'node:crypto';
import { busArn, place } from '../template/local-names.ts';
import { type LocalResource, type LocalStack, TemplateError } from '../template/template.ts';
import type { Operations } from './aws-endpoint.ts';
import { AwsError } from './aws-error.ts';
import { checkPattern, type EventPattern, matches } from './event-pattern.ts';
import type { Queues } from './queues.ts';

/** An event as EventBridge delivers it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, to the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

interface Rule {
  readonly bus: string;
  readonly pattern: EventPattern;
  readonly functions: readonly string[];
  readonly queues: readonly string[];
}

export interface BusesOptions {
  readonly stack: LocalStack;
  /** ARNs of the functions that `deliver` knows. */
  readonly functions: ReadonlySet<string>;
  readonly queues: Queues;
  /** Invokes a function asynchronously: it retries on its own, and nobody waits for the answer. */
  readonly deliver: (functionArn: string, event: BusEvent) => void;
  /** An event was accepted on a bus, whether or not a rule matches it. */
  readonly onEvent: (bus: string, event: BusEvent) => void;
  readonly now: () => number;
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const mostEntries = 10;
const largestEntry = 1024 * 1024;

/** The event buses of the template, the account's default bus, and the rules on them. */
export class Buses {
  readonly #options: BusesOptions;
  readonly #names: Set<string>;
  readonly #rules: readonly Rule[];

  /** @throws TemplateError on a rule with a pattern or target that there is no adapter for */
  constructor(options: BusesOptions) {
    const { stack } = options;
    this.#options = options;
    this.#names = new Set(['default', ...stack.ofType('AWS::Events::EventBus').map(({ reference }) => reference)]);
    this.#rules = stack.ofType('AWS::Events::Rule').map((resource) => readRule(resource, options));
  }

  /** Accepts an event on a bus and hands it to the functions whose rules match. */
  publish(
    bus: string,
    source: string,
    detailType: string,
    detail: BusEvent['detail'],
    about: Partial<BusEvent> = {},
  ): string {
    const event: BusEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: place.account,
      time: `${new Date(this.#options.now()).toISOString().slice(0, 19)}Z`,
      region: place.region,
      resources: [],
      detail,
      ...about,
    };
    this.#options.onEvent(bus, event);
    for (const rule of this.#rules) {
      if (rule.bus !== bus || !matches(rule.pattern, event)) continue;
      for (const target of rule.functions) this.#options.deliver(target, event);
      for (const target of rule.queues) this.#options.queues.send(target, JSON.stringify(event));
    }
    return event.id;
  }

  readonly api: Operations = {
    PutEvents: ({ Entries }) => {
      const entries = Array.isArray(Entries) ? (Entries as Record<string, unknown>[]) : [];
      if (entries.length < 1 || entries.length > mostEntries) {
        throw new AwsError(
          'ValidationException',
          `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${mostEntries}`,
        );
      }
      const results = entries.map((entry) => this.#put(entry));
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
    },
  };

  #put(entry: Record<string, unknown>): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
    const { Source, DetailType, Detail, EventBusName = 'default', Resources = [], Time } = entry;
    const refused = (ErrorMessage: string, ErrorCode = 'InvalidArgument') => ({ ErrorCode, ErrorMessage });
    if (!Source) return refused('Parameter Source is not valid. Reason: Source is a required argument.');
    if (!DetailType) return refused('Parameter DetailType is not valid. Reason: DetailType is a required argument.');
    if (!Detail) return refused('Parameter Detail is not valid. Reason: Detail is a required argument.');
    if (String(Source).startsWith('aws.')) {
      return refused('Not authorized for the source.', 'NotAuthorizedForSourceException');
    }
    if (Buffer.byteLength(`${Source}${DetailType}${Detail}`) > largestEntry) {
      return refused(`Total size of the entries in the request is over the limit.`, 'InvalidArgument');
    }
    const detail = readDetail(String(Detail));
    if (!detail) return refused('Detail is malformed.', 'MalformedDetail');
    const bus = [...this.#names].find((name) => EventBusName === name || EventBusName === busArn(name));
    if (!bus) return refused(`Event bus ${EventBusName} does not exist.`, 'ResourceNotFoundException');

    const time = typeof Time === 'number' ? { time: `${new Date(Time * 1_000).toISOString().slice(0, 19)}Z` } : {};
    const about = { resources: Resources as string[], ...time };
    return { EventId: this.publish(bus, String(Source), String(DetailType), detail, about) };
  }
}

function readRule(resource: LocalResource, { functions, queues }: BusesOptions): Rule {
  const { logicalId, type } = resource;
  const { EventBusName = 'default', EventPattern, ScheduleExpression, State, Targets } = resource.properties();
  const refuse = (what: string) => new TemplateError(`${logicalId} (${type}) ${what}, for which there is no adapter.`);
  if (ScheduleExpression !== undefined) throw refuse('runs on a schedule');
  const targets = ((Targets ?? []) as Record<string, unknown>[]).map((target) => {
    const { Arn, Id, RetryPolicy, DeadLetterConfig, ...rest } = target;
    const [extra] = Object.keys(rest);
    if (extra) throw refuse(`has a target with ${extra}`);
    if (!functions.has(String(Arn)) && !queues.has(String(Arn))) throw refuse(`has the target ${Arn}`);
    // Both are for events that cannot be delivered. Here each can: a function that fails has dead letters of its own.
    const { Arn: deadLetters } = (DeadLetterConfig ?? {}) as { Arn?: string };
    if (deadLetters !== undefined && !queues.has(deadLetters)) throw refuse(`has the dead-letter queue ${deadLetters}`);
    return String(Arn);
  });
  const enabled = State === 'DISABLED' ? [] : targets;
  return {
    // A name, or an ARN that ends in it.
    bus: String(EventBusName).replace(/^arn:.*:event-bus\//, ''),
    pattern: checkPattern(`${logicalId} (${type})`, EventPattern),
    functions: enabled.filter((arn) => functions.has(arn)),
    queues: enabled.filter((arn) => queues.has(arn)),
  };
}

/** EventBridge takes JSON objects, and nothing else that is JSON. */
function readDetail(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
