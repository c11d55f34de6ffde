import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ResourceNames } from './resource-names.ts';

/** What a platform team decides for all parts of a relay alike. */
export interface PlatformProps {
  /**
   * A KMS key that encrypts all that holds data: the tables, the bus, the secret, the logs and the queues that the relay makes. Handlers and
   * services may use it for that alone. Who else reads any of it needs the key too, such as whoever sends dead letters again; and while the key is
   * disabled, reveals come to nothing. The stack must know its region. What a key that is imported must allow is in docs/operations.md, as nobody
   * can change its policy from here. What you bring yourself must come with a key too. The state machine keeps a key of AWS's: its history holds ids, counts and
   * times.
   * @default - keys that AWS keeps, which have no monthly price and which nobody can disable
   */
  readonly encryptionKey?: IKey;

  /**
   * The network in which the handlers run. They must reach the vendor and five services of AWS from there: docs/operations.md says through which
   * endpoints. A handler that cannot is retried, and its reveal is late. The first deployment in a VPC takes minutes longer.
   * @default - the handlers run in no VPC, and reach all of that
   */
  readonly vpc?: IVpc;

  /**
   * Where in `vpc`. Public subnets are refused: a function has no public address there, and reaches nothing.
   * @default - the private subnets of the VPC
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the handlers in `vpc`. They must let HTTPS out; nothing needs to come in.
   * @default - a new group for all handlers, which lets everything out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Names for the parts that others refer to: in policies, in rules of other stacks, in the console. Choose them before the first deployment, as
   * CloudFormation cannot rename: it makes another part, and what was in the old one stays there or is gone. And what a stack has left behind under
   * a name is in the way of the next one, until that takes it over by `table` or `apiKeySecret`.
   * @default - CloudFormation makes them up; only the bus is called after the stack
   */
  readonly resourceNames?: ResourceNames;

  /**
   * How long the logs of the handlers and the access log of the HTTP API are kept. They go with the stack, whatever this says. A letter in the
   * dead-letter queue lives for two weeks: with less than that, it may outlive the log lines that say why it came there.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * The least severe lines that the handlers write. With `ERROR` a log says nothing of what went well, and with `FATAL` nothing of what failed
   * either: docs/operations.md then leads nowhere. Metrics are written whatever the level is.
   * @default ApplicationLogLevel.INFO
   */
  readonly logLevel?: ApplicationLogLevel;

  /**
   * Memory of each handler in MB, from 128 to 10,240. Lambda gives computing power in proportion, and charges in proportion.
   * @default 512 for the HTTP API, whose callers wait for it, and 256 for all others
   */
  readonly memorySize?: number;

  /**
   * Whether X-Ray traces the state machine and the handlers. A trace shows how long each state and each handler took, and none of the calls that a
   * handler makes. X-Ray charges for each trace, and each poll adds to one.
   * @default false
   */
  readonly tracingEnabled?: boolean;

  /**
   * What becomes of the reveals table and the secret that the relay makes when they leave the stack: `RETAIN` or `DESTROY`. `DESTROY` takes the
   * table's protection against deletion away too: `cdk destroy` then deletes all results, and the API key, for good.
   * @default - both are kept: the results were paid for. A first deployment that fails leaves an empty table behind, and no secret
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The topic that all alarms notify, in the relay's own region, when they go off and when they are over. A topic that a key of your own encrypts
   * takes nothing from alarms until the key's policy lets `cloudwatch.amazonaws.com` use the key.
   * @default - the alarms notify nobody
   */
  readonly alarmTopic?: ITopic;
}
