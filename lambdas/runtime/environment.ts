import {
  envNames,
  type HandlerName,
  handlerSettings,
  numericSettings,
  optionalSettings,
  type Setting,
  type SettingsOf,
} from '../contract.ts';
import { MissingConfiguration } from '../reveal/errors.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What the construct has set for a handler, read from its environment.
 *
 * @throws MissingConfiguration naming the first variable that is not there, or is not what it should be
 */
export function settingsOf<Handler extends HandlerName>(handler: Handler, variables: Variables): SettingsOf<Handler> {
  const values = handlerSettings[handler].map((setting) => [setting, settingFrom(variables, setting)]);
  return Object.fromEntries(values) as SettingsOf<Handler>;
}

/**
 * Where to look for a proxy, if Node is told to use one.
 * @see https://nodejs.org/api/cli.html#node_use_env_proxy1
 */
export function proxyEnvironment(variables: Variables): Variables | undefined {
  return variables.NODE_USE_ENV_PROXY === '1' ? variables : undefined;
}

const isOneOf = (settings: readonly Setting[], setting: Setting) => settings.includes(setting);

function settingFrom(variables: Variables, setting: Setting): string | number | undefined {
  const name = envNames[setting];
  const text = variables[name] || undefined;
  if (text === undefined) {
    if (isOneOf(optionalSettings, setting)) return undefined;
    throw new MissingConfiguration(name, 'is not set');
  }
  if (!isOneOf(numericSettings, setting)) return text;
  const value = Number(text);
  if (!(value > 0)) throw new MissingConfiguration(name, 'is not a number greater than zero');
  return value;
}
