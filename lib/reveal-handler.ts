import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvName, HandlerName } from '../lambdas/contract.ts';
import { ownService } from './own-service.ts';

/** Longer than the poll handler's slowest path: a short wait for a slot, one vendor call, two writes. */
export const handlerTimeout = Duration.seconds(45);

export interface RevealHandlerProps {
  readonly handler: HandlerName;
  readonly description: string;
  readonly environment: Partial<Record<EnvName, string>>;
  /** @default handlerTimeout */
  readonly timeout?: Duration;
  /** In MB: Lambda gives computing power in proportion. @default 256 */
  readonly memorySize?: number;
  /** @default - none is set aside, and there is no limit but the account's */
  readonly reservedConcurrency?: number | undefined;
}

/** One of our Lambda functions: the prebuilt bundle of `lambdas/<handler>.ts`, the same that the embedded default runs. */
export class RevealHandler extends LambdaFunction {
  constructor(scope: Construct, id: string, props: RevealHandlerProps) {
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of its own: the managed policy that CDK would attach may write to every log group of the account.
    const role = new Role(scope, `${id}Role`, { assumedBy: ownService(scope, 'lambda.amazonaws.com') });
    logGroup.grantWrite(role);

    super(scope, id, {
      description: props.description,
      code: Code.fromAsset(fileURLToPath(new URL(`../dist/handlers/${props.handler}`, import.meta.url))),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout ?? handlerTimeout,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
    });
  }
}
