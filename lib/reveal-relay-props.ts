import type { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { RevealApiOptions } from './doors/reveal-api.ts';
import type { PlatformProps } from './platform/platform-props.ts';
import type { WebhookOptions } from './webhook-receivers.ts';

/** What a relay is set up with. Nothing has to be said. */
export interface RevealRelayProps extends PlatformProps {
  /**
   * The secret that holds the Fiber API key, as plain text or as `{"apiKey": "…"}`. If it is encrypted with a key of your own, import it with
   * that key (`Secret.fromSecretAttributes`): only then may the handlers decrypt it.
   * @default - a new empty secret; the stack's output says how to fill it, and reveals wait until it is
   */
  readonly apiKeySecret?: ISecret;

  /**
   * A reveals table that is there already, such as the one that `cdk destroy` has left: `TableV2.fromTableName(this, 'Kept', 'its-name')`. It must
   * have the keys, indexes and time to live that docs/operations.md lists, which nobody can check before the deployment; and no other relay.
   * @default - a new table, which outlives the stack
   */
  readonly table?: ITable;

  /**
   * The name of the relay on a bus that it shares with other relays: it takes the requests that carry it as `relay`, and no others, and its events
   * carry it too. Letters, digits and `. _ -`, up to 64.
   * @default - none: all requests on the bus are for this relay
   */
  readonly name?: string;

  /**
   * The bus on which requests come in and events go out, in the relay's own account and region. Give each relay a `name` if several are on it.
   * @default - a new bus of the relay's own
   */
  readonly eventBus?: IEventBus;

  /**
   * Where the vendor's API is: an https address, with a path where a gateway stands in front of it, or plain http on a loopback address. Whoever
   * answers there receives the API key.
   * @default https://api.fiber.ai
   */
  readonly fiberBaseUrl?: string;

  /**
   * How many polls a minute the vendor allows the account. More than it really allows earns rejections, which slow everything
   * down for a while; fewer makes reveals wait for each other. From 2 to 6,000: all polls share one item of DynamoDB.
   * @default 240
   */
  readonly pollsPerMinute?: number;

  /**
   * How many paid starts a minute the vendor allows the account. The relay's part of them is its `keyShare`. From 1 to 6,000.
   * @default 120
   */
  readonly startsPerMinute?: number;

  /**
   * How many credits the relay may spend on starting tasks in one day, by UTC. A start that would go over it is not made: its reveal ends as
   * `errored`, with the reason `credit-cap-reached`. What the vendor gives back later does not count.
   * @default - no limit but the account's credits
   */
  readonly maxCreditsPerDay?: number;

  /**
   * The part of `pollsPerMinute` that is the relay's, above 0 and up to 1. Leave the rest to the other programs that poll with the
   * same key: nothing else keeps all of them free of rejections.
   * @default 1
   */
  readonly keyShare?: number;

  /**
   * The part of the relay's polls that interactive reveals are sure of while bulk ones queue, between 0 and 1. Bulk is sure of
   * the rest; what one of them does not use, the other does.
   * @default 0.25
   */
  readonly interactiveShare?: number;

  /**
   * The age from which a reveal that is still running when we look is given up on, as `timed-out`; at most eleven hours, as an execution
   * may run for twelve.
   * @default Duration.hours(1): the vendor's worst case is 8 minutes, and a backlog of 10,000 takes 44 to poll once
   */
  readonly maxWait?: Duration;

  /**
   * How long a record and its contact data are kept after the reveal has ended. DynamoDB removes them within days of
   * that; readers do not see them any more at once.
   * @default Duration.days(30)
   */
  readonly retention?: Duration;

  /**
   * Lambda concurrency that is set aside from the account's: nobody else takes it, and the handler takes no more. For accounts that other
   * functions fill. One whose limit is 10, as in new accounts, has nothing to set aside.
   * @default - the handlers share the account's concurrency
   */
  readonly reservedConcurrency?: {
    /** How many polls may be in flight at once. */
    readonly poll?: number;
    /** How many requests on the bus are taken at once. More wait in Lambda's queue, for up to six hours, and leave the rest to the polls. */
    readonly request?: number;
  };

  /**
   * Who may call the HTTP API, from which web pages, and how often.
   * @default - principals of AWS with `execute-api:Invoke`, from no web page
   */
  readonly api?: RevealApiOptions;

  /**
   * Who is told by an HTTPS request how reveals ended, beside those who listen on the bus: at most five. Each has a queue and a secret of its
   * own; docs/webhooks.md has what it receives, and when.
   * @default - nobody
   */
  readonly webhooks?: readonly WebhookOptions[];
}
