import { ConfigError } from './config-error.ts';
import { nearestName } from './nearest-name.ts';
import { type FoundSettings, isSetting, kinds, knownNames, problemOf, type SettingName } from './setting-values.ts';
import { stageName } from './settings.ts';

/** What `-c` says: which stage is meant, where the file is, and settings. */
export interface ContextSettings {
  readonly stage: string | undefined;
  readonly configFile: string | undefined;
  readonly settings: FoundSettings;
  /** Names that are nobody's setting as far as we know, and nothing is done about. */
  readonly unread: readonly string[];
}

const own = ['stage', 'configFile'];
/**
 * The app's context is shared. CDK keeps its flags there (`@aws-cdk/core:…`), what its command line tells the app (`aws:cdk:…`), and
 * what it has looked up (`availability-zones:account=…`), all with punctuation in their names; so only names of letters and digits can
 * be meant for us. Not even all of these: `~/.cdk.json` brings along whatever its owner's other apps take. Which of them came from
 * `-c` nobody tells the app. So a name that is near to one of ours is refused, and of any other the user is told that it does nothing.
 */
const plainName = /^[A-Za-z][A-Za-z0-9]*$/;

/**
 * @param context all of it, as `app.node.getAllContext()` has it
 * @throws ConfigError naming everything in it that is wrong
 */
export function contextSettings(context: Readonly<Record<string, unknown>>): ContextSettings {
  const problems: string[] = [];
  const unread: string[] = [];
  const settings: Partial<Record<SettingName, { value: unknown; where: string }>> = {};
  const known = [...knownNames, ...own.map((name) => ({ word: name, name }))];
  for (const [name, given] of Object.entries(context)) {
    const where = `with -c ${name}`;
    if (isSetting(name)) {
      settings[name] = { value: typeof given === 'string' ? kinds[name].fromText(given) : given, where };
      const problem = problemOf(name, settings[name]);
      if (problem) problems.push(problem);
    } else if (plainName.test(name) && !own.includes(name)) {
      const nearest = nearestName(name, known);
      if (nearest) problems.push(`${name}, as given ${where}, is no setting: did you mean ${nearest}?`);
      else unread.push(name);
    }
  }
  const { stage, configFile } = context;
  if (stage !== undefined && !stageName.schema.safeParse(stage).success) {
    problems.push(`stage is ${JSON.stringify(stage)}, as given with -c stage: give ${stageName.says}.`);
  }
  if (configFile !== undefined && (typeof configFile !== 'string' || configFile === '')) {
    problems.push('configFile, as given with -c configFile, is no path: give one like relay.eu.json.');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { stage: stage as string | undefined, configFile: configFile as string | undefined, settings, unread };
}
