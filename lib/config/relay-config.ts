import { ConfigError } from './config-error.ts';
import { type ConfigFile, settingsOfStage } from './config-file.ts';
import type { ContextSettings } from './context-settings.ts';
import type { Found, FoundSettings, PlaceValues, RelayValues, SettingName } from './setting-values.ts';
import type { relaySettingsGiven } from './settings.ts';

/** What is deployed, and where. */
export interface RelayConfig {
  readonly stackName: string;
  readonly place: Omit<PlaceValues, 'stackName'>;
  readonly relay: RelayValues;
}

/** What `cdk deploy` alone has always deployed. */
export const usualStackName = 'RevealRelay';

/**
 * Puts together what was given: `-c` goes before the stage, the stage before what the file says for all, and that before the defaults.
 *
 * @throws ConfigError saying what does not go together
 */
export function relayConfig({ stage, settings }: ContextSettings, file: ConfigFile | undefined): RelayConfig {
  const forAll = file?.forAll ?? {};
  const ofStage: FoundSettings = { ...(file && stage !== undefined && settingsOfStage(file, stage)), ...settings };
  const found = { ...forAll, ...ofStage };
  const { stackName: _, account, region, ...relay } = valuesOf(found);
  checkPairs(found);
  return {
    stackName: nameOfStack(forAll, ofStage, stage),
    place: { account, region } as PlaceValues,
    relay: relay as RelayValues,
  };
}

/** One that is given for all stages is where the names of their stacks begin: otherwise they would be one stack. */
function nameOfStack(forAll: FoundSettings, ofStage: FoundSettings, stage: string | undefined): string {
  const own = ofStage.stackName?.value;
  if (typeof own === 'string') return own;
  const beginning = own === null ? usualStackName : (forAll.stackName?.value ?? usualStackName);
  return stage === undefined ? String(beginning) : `${beginning}-${stage}`;
}

const valuesOf = (found: FoundSettings) =>
  Object.fromEntries(
    Object.entries(found)
      .filter(([, { value }]) => value !== null)
      .map(([name, { value }]) => [name, value]),
  ) as Partial<Record<SettingName, unknown>>;

function checkPairs(found: FoundSettings): void {
  const given = (name: SettingName): Found | undefined => (found[name]?.value === null ? undefined : found[name]);
  for (const [one, other] of pairs) {
    const [first, second] = [given(one), given(other)];
    if (first && !second) throw new ConfigError([`${one}, as given ${first.where}, needs ${other} beside it.`]);
  }
}

/** Settings that mean nothing without another. */
const pairs: readonly (readonly [keyof typeof relaySettingsGiven, keyof typeof relaySettingsGiven])[] = [
  ['jwtIssuer', 'jwtAudience'],
  ['jwtAudience', 'jwtIssuer'],
  ['subnetIds', 'vpcId'],
  ['securityGroupIds', 'vpcId'],
];
