import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Annotations, type App, type Environment, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { embeddedContext } from '../../lambdas/contract.ts';
import { addRelayOutputs } from '../relay-outputs.ts';
import { RevealRelay } from '../reveal-relay.ts';
import { ConfigError } from './config-error.ts';
import { type ConfigFile, parseConfigFile } from './config-file.ts';
import { type ContextSettings, contextSettings } from './context-settings.ts';
import { type RelayConfig, relayConfig, usualStackName } from './relay-config.ts';
import { relayProps } from './relay-props.ts';
import type { Setting } from './setting.ts';
import type { PlaceValues, RelayValues } from './setting-values.ts';
import { relaySettingsGiven } from './settings.ts';

/** Looked for at the root of the repository. */
export const configFileName = 'relay.config.json';

export interface Surroundings {
  /** Where the file of settings is looked for. */
  readonly folder: string;
  /** What the CDK's command line knows of whoever is logged in: `CDK_DEFAULT_ACCOUNT` and `CDK_DEFAULT_REGION`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The stack that `cdk deploy` ships from this repository, as the app's context and `relay.config.json` say.
 *
 * @throws ConfigError naming each setting that cannot be, where it was given, and what it may be
 */
export function configuredStack(app: App, { folder, environment }: Surroundings): { stack: Stack; relay: RevealRelay } {
  const given = contextSettings(app.node.getAllContext());
  const config = relayConfig(given, configFile(folder, given.configFile));
  const isEmbedded = app.node.tryGetContext(embeddedContext) !== undefined;
  const { stackName, place, relay: values } = isEmbedded ? embedded(config, given.settings) : config;
  const env = placeOf(place, environment);
  if (values.vpcId !== undefined && (env.account === undefined || env.region === undefined)) {
    throw new ConfigError(['vpcId is looked up in its account: log in to AWS, or give account and region beside it.']);
  }
  // Its id is its name, so that both mean it on the command line.
  const stack = new Stack(app, stackName, {
    description: 'reveal-relay: waits out Fiber AI contact reveals',
    env,
  });
  for (const name of given.unread) {
    Annotations.of(stack).addWarningV2(
      `reveal-relay:unread-${name}`,
      `The context has ${name}, which is no setting of the relay and does nothing: docs/settings.md lists those that there are.`,
    );
  }
  const relay = checked(() => new RevealRelay(stack, 'Relay', relayProps(values, new Construct(stack, 'Given'))));
  addRelayOutputs(stack, relay);
  return { stack, relay };
}

/** What the construct refuses it says in a plain error: which props, and what to change. Any other kind is a fault in the code. */
function checked<Built>(build: () => Built): Built {
  try {
    return build();
  } catch (error) {
    if (error instanceof Error && Object.getPrototypeOf(error) === Error.prototype)
      throw new ConfigError([error.message]);
    throw error;
  }
}

function configFile(folder: string, given: string | undefined): ConfigFile | undefined {
  const path = given === undefined ? join(folder, configFileName) : resolve(given);
  const shown = given === undefined ? configFileName : relative(process.cwd(), path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (given === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError([`${shown} cannot be read: ${(error as Error).message}.`]);
  }
  return parseConfigFile(text, shown);
}

/**
 * On a laptop there is neither a place in AWS nor anything that is there already. Nor are the file's webhooks told what is tried
 * here: their receivers are told in earnest. Whoever names one for the laptop does so with `npm run local -- --webhook`.
 */
function embedded({ relay }: RelayConfig, fromCommandLine: ContextSettings['settings']): RelayConfig {
  const table: Readonly<Record<string, Setting>> = relaySettingsGiven;
  const isHere = (name: string) =>
    !table[name]?.isOnAws && (name !== 'webhooks' || fromCommandLine.webhooks !== undefined);
  const local = Object.entries(relay).filter(([name]) => isHere(name));
  return { stackName: usualStackName, place: {}, relay: Object.fromEntries(local) as RelayValues };
}

/** With nobody logged in, and no place given, the template is for any. */
function placeOf(place: PlaceValues, environment: Surroundings['environment']): Environment {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = environment;
  const usual = account ? { account, region: region ?? 'us-east-1' } : {};
  return { account: place.account ?? usual.account, region: place.region ?? usual.region };
}
