import { type IResource, Stack, Stage, Token, TokenComparison } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';

/** A relay, as far as other relays are concerned. */
export interface RelayAmongOthers extends Construct {
  readonly name: string | undefined;
  readonly eventBus: IEventBus;
  readonly reveals: ITable;
}

/** Whether a bus is made elsewhere, and known here by its name or ARN alone. */
export const isImported = (bus: IEventBus): boolean => bus.node.defaultChild === undefined;

/**
 * EventBridge puts rules on buses of the own account and region. On another's bus, requests would be heard by nobody, and events sent
 * to whatever bus has the same name here.
 *
 * @throws Error saying what to do instead
 */
export function checkBusIsNear(relay: Construct, bus: IEventBus): void {
  const stack = Stack.of(relay);
  const isElsewhere = (there: string, here: string) => Token.compareStrings(there, here) === TokenComparison.DIFFERENT;
  for (const [what, there, here] of [
    ['account', bus.env.account, stack.account],
    ['region', bus.env.region, stack.region],
  ] as const) {
    if (!isElsewhere(there, here)) continue;
    throw new Error(
      `eventBus is in the ${what} ${there}, and ${relay.node.path} in ${here}: a relay hears requests on a bus of its own account and region. Leave eventBus out, and send what others should hear there by a rule: new Rule(stack, 'Forward', { eventBus: relay.eventBus, eventPattern: { source: ['reveal-relay'] }, targets: [new targets.EventBus(theirs)] }).`,
    );
  }
}

/**
 * Two relays that take the same request each poll for it, and the one with the wrong key announces a failure.
 *
 * @param others all other relays of the app
 * @throws Error saying what to do instead
 */
export function checkNamesOnBus(relay: RelayAmongOthers, others: readonly RelayAmongOthers[]): void {
  const busOf = ({ eventBus }: RelayAmongOthers) => identityOf(eventBus, eventBus.eventBusName);
  for (const other of others) {
    if (busOf(other) !== busOf(relay)) continue;
    const areTold = relay.name !== undefined && other.name !== undefined && relay.name !== other.name;
    if (areTold) continue;
    throw new Error(
      `${other.node.path} and ${relay.node.path} are on one bus, and both would answer ${relay.name !== undefined && relay.name === other.name ? `the requests for ${relay.name}` : 'the same requests'}: give each a name of its own, which requests carry as "relay", or leave eventBus out, so that each has a bus of its own.`,
    );
  }
}

/**
 * Two relays with one table would sweep and list each other's reveals, and look for the one's tasks with the other's key.
 *
 * @param others all other relays of the app
 * @throws Error saying what to do instead
 */
export function checkTableIsOwn(relay: RelayAmongOthers, others: readonly RelayAmongOthers[]): void {
  const tableOf = ({ reveals }: RelayAmongOthers) => identityOf(reveals, reveals.tableName);
  const other = others.find((other) => tableOf(other) === tableOf(relay));
  if (!other) return;
  throw new Error(
    `${other.node.path} and ${relay.node.path} have one table: leave table out for one of them, or give it another.`,
  );
}

/** The same for two objects that mean the same bus or table. */
function identityOf(resource: IResource, physicalName: string): string {
  const home = Stack.of(resource);
  const name: unknown = home.resolve(physicalName);
  const env: unknown = home.resolve([resource.env.account, resource.env.region]);
  // A name that is known only to the template means something in its stack alone; a place that is not known yet, in its stage.
  const within = typeof name !== 'string' ? home.node.path : isKnown(env) ? '' : (Stage.of(resource)?.node.path ?? '');
  return JSON.stringify([within, env, name]);
}

const isKnown = (resolved: unknown): boolean =>
  Array.isArray(resolved) && resolved.every((part) => typeof part === 'string');
