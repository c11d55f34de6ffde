import type { Kind } from './kinds.ts';
import { type KnownName, nearestName } from './nearest-name.ts';
import { placeSettings, relaySettingsGiven } from './settings.ts';

type Values<Table> = {
  readonly [Name in keyof Table]?: Table[Name] extends { kind: Kind<infer Value> } ? Value : never;
};

/** Settings by name, each of its kind. */
export type RelayValues = Values<typeof relaySettingsGiven>;
export type PlaceValues = Values<typeof placeSettings>;
export type SettingName = keyof RelayValues | keyof PlaceValues;

export const kinds = Object.fromEntries(
  Object.entries({ ...placeSettings, ...relaySettingsGiven }).map(([name, { kind }]) => [name, kind]),
) as Readonly<Record<SettingName, Kind<unknown>>>;

/** What somebody may write who means a setting: its name, or that of the prop that it becomes. */
export const knownNames: readonly KnownName[] = [
  ...Object.keys(kinds).map((name) => ({ word: name, name })),
  ...Object.entries(relaySettingsGiven)
    .filter(([, { prop }]) => !prop.includes('.'))
    .map(([name, { prop }]) => ({ word: prop, name })),
];

export const isSetting = (name: string): name is SettingName => Object.hasOwn(kinds, name);

/** A setting as it was found. */
export interface Found {
  readonly value: unknown;
  /** Completes "as given": `in relay.config.json under stages.prod`. */
  readonly where: string;
}
export type FoundSettings = Readonly<Partial<Record<SettingName, Found>>>;

/** What is wrong with a setting, or undefined. */
export function problemOf(name: SettingName, { value, where }: Found): string | undefined {
  const kind = kinds[name];
  if (kind.schema.safeParse(value).success) return undefined;
  const shown = kind.isSensitive ? 'cannot be what it is' : `is ${JSON.stringify(value)}`;
  return `${name} ${shown}, as given ${where}: give ${kind.says}.`;
}

/** What to say of a name that is no setting. */
export function unknownName(name: string, where: string, more: readonly KnownName[] = []): string {
  const nearest = nearestName(name, [...knownNames, ...more]);
  return `${name}, as given ${where}, is no setting: ${nearest ? `did you mean ${nearest}?` : 'docs/settings.md lists them.'}`;
}
