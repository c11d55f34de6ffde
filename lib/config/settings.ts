import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { settingRanges as ranges } from '../setting-ranges.ts';
import {
  givenBus,
  givenGroups,
  givenKey,
  givenSecret,
  givenSubnets,
  givenTable,
  givenTopic,
  givenVpc,
} from './given-resources.ts';
import {
  arn,
  type Kind,
  list,
  nameOrArn,
  number,
  oneOf,
  relayName,
  text,
  trueOrFalse,
  vendorAddress,
  webhooks,
  wholeNumber,
} from './kinds.ts';
import { asItIs, existing, partOf, type Setting, setting } from './setting.ts';

/** Those that CloudWatch Logs knows, without the number that stands for ever. */
const logRetentions = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);
const removalPolicies = [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY] as const;
const origin = /^https?:\/\/[^/\s,*]+$/;

/**
 * What can be said of a relay without code, in `relay.config.json` or with `-c`: a line each. The sentences about them are those of the
 * props that they become, and docs/settings.md and docs/relay.config.schema.json are made from both: `npm run docs`.
 */
export const relaySettingsGiven = {
  pollsPerMinute: setting('pollsPerMinute', number(ranges.pollsPerMinute), asItIs),
  startsPerMinute: setting('startsPerMinute', number(ranges.startsPerMinute), asItIs),
  maxCreditsPerDay: setting('maxCreditsPerDay', wholeNumber(ranges.maxCreditsPerDay, 'credits'), asItIs),
  keyShare: setting('keyShare', number(ranges.keyShare), asItIs),
  interactiveShare: setting('interactiveShare', number(ranges.interactiveShare), asItIs),
  maxWaitMinutes: setting('maxWait', wholeNumber(ranges.maxWaitMinutes, 'minutes'), (given) => Duration.minutes(given)),
  retentionDays: setting('retention', wholeNumber(ranges.retentionDays, 'days'), (given) => Duration.days(given)),
  fiberBaseUrl: setting('fiberBaseUrl', vendorAddress, asItIs),
  relayName: setting('name', relayName, asItIs),
  reservedPollConcurrency: setting('reservedConcurrency.poll', wholeNumber(ranges.reservedConcurrency), asItIs),
  reservedRequestConcurrency: setting('reservedConcurrency.request', wholeNumber(ranges.reservedConcurrency), asItIs),
  jwtIssuer: partOf(
    'api.auth',
    text(/^https:\/\/\S+$/, 'an https address, like https://login.example.com/'),
    'JwtAuthProps.issuer',
  ),
  jwtAudience: partOf('api.auth', list(/^\S+$/, 'a list of one or more audiences'), 'JwtAuthProps.audience'),
  corsOrigins: setting('api.corsOrigins', list(origin, 'a list of origins, like https://crm.example.com'), asItIs),
  apiRequestsPerSecond: setting('api.throttle.ratePerSecond', wholeNumber([1, 100_000]), asItIs),
  apiBurst: setting('api.throttle.burst', wholeNumber([1, 100_000]), asItIs),
  apiWaiting: setting('api.waiting', trueOrFalse, asItIs),
  logRetentionDays: setting('logRetention', oneOf(logRetentions), asItIs),
  logLevel: setting('logLevel', oneOf(Object.values(ApplicationLogLevel)), asItIs),
  memoryMb: setting('memorySize', wholeNumber(ranges.memoryMb, 'MB'), asItIs),
  tracingEnabled: setting('tracingEnabled', trueOrFalse, asItIs),
  removalPolicy: setting('removalPolicy', oneOf(removalPolicies), asItIs),
  encryptionKey: existing(
    'encryptionKey',
    arn('kms', 'key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})', 'the ARN of a key'),
    givenKey,
  ),
  alarmTopic: existing('alarmTopic', arn('sns', '[A-Za-z0-9_-]{1,256}', 'the ARN of a topic'), givenTopic),
  vpcId: existing('vpc', text(/^vpc-[0-9a-f]+$/, 'the id of a VPC, like vpc-0a1b2c3d'), givenVpc),
  subnetIds: existing('vpcSubnets', list(/^subnet-[0-9a-f]+$/, 'a list of ids of subnets'), givenSubnets),
  securityGroupIds: existing('securityGroups', list(/^sg-[0-9a-f]+$/, 'a list of ids of groups'), givenGroups),
  webhooks: setting('webhooks', webhooks, asItIs),
  table: existing(
    'table',
    nameOrArn('dynamodb', 'table/', '[A-Za-z0-9_.-]{3,255}', 'the name or the ARN of a table'),
    givenTable,
  ),
  eventBus: existing(
    'eventBus',
    nameOrArn('events', 'event-bus/', '[A-Za-z0-9_./-]{1,256}', 'the name or the ARN of a bus'),
    givenBus,
  ),
  apiKeySecret: existing(
    'apiKeySecret',
    // The vendor's keys begin like this, and what stands here ends up in the template.
    {
      ...nameOrArn(
        'secretsmanager',
        'secret:',
        '(?!sk_)[A-Za-z0-9/_+=.@-]{1,512}',
        'the name of a secret, or its ARN with the six characters at its end; never the key itself',
      ),
      isSensitive: true,
    },
    givenSecret,
  ),
} as const satisfies Readonly<Record<string, Setting>>;

/** Where the relay goes, with what docs/settings.md says of it. */
export const placeSettings = {
  stackName: place(
    text(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'a letter, then up to 127 letters, digits or hyphens'),
    "What the stack is called. At the top of the file it is where the stacks' names begin: the name of the stage is added to it.",
    'RevealRelay, with the name of the stage after a hyphen',
  ),
  account: place(
    text(/^\d{12}$/, 'the twelve digits of an account, in quotes'),
    'The account that it is deployed to. Whoever is logged in to another one cannot deploy.',
    'that of whoever is logged in',
  ),
  region: place(
    text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region, like eu-west-1'),
    'The region that it is deployed to.',
    'that of whoever is logged in',
  ),
} as const;

function place<Value>(kind: Kind<Value>, about: string, usually: string) {
  return { kind, about, usually };
}

/** A stage is the end of a stack's name. */
export const stageName = text(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/, '1 to 32 letters, digits or hyphens');
