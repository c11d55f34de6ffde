import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { envNames, type HandlerName, handlerSettings, type Setting, type SettingsOf } from '../../lambdas/contract.ts';
import { RelayLogGroup } from '../platform/relay-log-group.ts';
import type { RelayPlatform } from '../platform/relay-platform.ts';
import { bundledHandlers } from './bundled-handlers.ts';
import { HandlerRole } from './handler-role.ts';

/** Longer than the poll handler's slowest path: a short wait for a slot, one vendor call, two writes. */
export const handlerTimeout = Duration.seconds(45);

interface HandlerProps<Name extends HandlerName> {
  readonly handler: Name;
  readonly description: string;
  /** What `contract.ts` lists for this handler. It is given these, and nothing else that may be here. */
  readonly settings: SettingsOf<Name>;
  /** @default handlerTimeout */
  readonly timeout?: Duration;
  /** In MB, unless the platform says otherwise. Lambda gives computing power in proportion. @default 256 */
  readonly memorySize?: number;
  /** @default - none is set aside, and there is no limit but the account's */
  readonly reservedConcurrency?: number | undefined;
}

export type RevealHandlerProps = { [Name in HandlerName]: HandlerProps<Name> }[HandlerName];

/** One of our Lambda functions: the prebuilt bundle of `lambdas/<handler>.ts`, the same that the embedded default runs. */
export class RevealHandler extends LambdaFunction {
  constructor(scope: Construct, id: string, platform: RelayPlatform, props: RevealHandlerProps) {
    const { logLevel, tracingEnabled, network } = platform;
    const logGroup = new RelayLogGroup(scope, `${id}Log`, platform);
    const role = new HandlerRole(scope, `${id}Role`, platform, logGroup);

    super(scope, id, {
      description: props.description,
      code: Code.fromAsset(join(bundledHandlers, props.handler)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: platform.memorySize ?? props.memorySize ?? 256,
      timeout: props.timeout ?? handlerTimeout,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: variables(props),
      loggingFormat: LoggingFormat.JSON,
      ...(logLevel !== undefined && { applicationLogLevelV2: logLevel }),
      ...network,
      ...(tracingEnabled && { tracing: Tracing.ACTIVE }),
      logGroup,
      role,
    });
  }
}

function variables({ handler, settings }: RevealHandlerProps): Record<string, string> {
  const values: { readonly [Name in Setting]?: string | number | undefined } = settings;
  return Object.fromEntries(
    handlerSettings[handler].flatMap((setting) => {
      const value = values[setting];
      return value === undefined ? [] : [[envNames[setting], String(value)]];
    }),
  );
}
