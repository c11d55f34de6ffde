import { ConfigError } from './config-error.ts';
import { nearestName } from './nearest-name.ts';
import { type FoundSettings, isSetting, problemOf, type SettingName, unknownName } from './setting-values.ts';
import { stageName } from './settings.ts';

/** What a `relay.config.json` says: for all stages, and for each that it names. */
export interface ConfigFile {
  readonly path: string;
  readonly forAll: FoundSettings;
  readonly stages: ReadonlyMap<string, FoundSettings>;
}

/** What may stand at the top besides settings. `$schema` is for editors. */
const sections = ['$schema', 'stages'];

/**
 * Reads the text of a file of settings, all of it: what is wrong with a stage is told before that stage is deployed.
 *
 * @param path how the file is called in messages
 * @throws ConfigError naming everything that is wrong with it
 */
export function parseConfigFile(text: string, path: string): ConfigFile {
  const content = parse(text, path);
  const problems: string[] = [];
  const top = Object.fromEntries(Object.entries(content).filter(([name]) => !sections.includes(name)));
  const forAll = settingsIn(top, `in ${path}`, problems, true);
  const stages = new Map<string, FoundSettings>();
  const given = content.stages ?? {};
  if (!isObject(given))
    problems.push(`stages, as given in ${path}, is no object: give one like { "dev": { "retentionDays": 7 } }.`);
  for (const [stage, settings] of isObject(given) ? Object.entries(given) : []) {
    const where = `in ${path} under stages.${stage}`;
    if (!stageName.schema.safeParse(stage).success) {
      problems.push(
        `The stage ${JSON.stringify(stage)}, as given in ${path}, cannot be called that: give ${stageName.says}.`,
      );
    }
    if (isObject(settings)) stages.set(stage, settingsIn(settings, where, problems));
    else
      problems.push(
        `The stage ${stage}, as given in ${path}, is no object: give one like { "retentionDays": 7 }, or {}.`,
      );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { path, forAll, stages };
}

/** @throws ConfigError if the file names stages, and not this one: a slip of the pen would make a whole relay beside the one that is meant */
export function settingsOfStage({ path, stages }: ConfigFile, stage: string): FoundSettings {
  const found = stages.get(stage);
  if (found) return found;
  if (stages.size === 0) return {};
  const names = [...stages.keys()];
  const nearest = nearestName(
    stage,
    names.map((name) => ({ word: name, name })),
  );
  const question = nearest ? ` Did you mean ${nearest}?` : '';
  throw new ConfigError([
    `stage is ${JSON.stringify(stage)}, and ${path} has the stages ${names.join(', ')}.${question} To have one more, add "${stage}": {} there.`,
  ]);
}

function settingsIn(
  given: Readonly<Record<string, unknown>>,
  where: string,
  problems: string[],
  isTop = false,
): FoundSettings {
  const found: Partial<Record<SettingName, { value: unknown; where: string }>> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!isSetting(name)) {
      problems.push(unknownName(name, where, isTop ? [{ word: 'stages', name: 'stages' }] : []));
      continue;
    }
    // In a stage, null takes back what is said for all.
    const problem = value === null ? undefined : problemOf(name, { value, where });
    if (problem) problems.push(problem);
    found[name] = { value, where };
  }
  return found;
}

function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new ConfigError([`${path} is no JSON: ${(error as Error).message}.`]);
  }
  if (!isObject(content)) throw new ConfigError([`${path} holds no object: give one like { "retentionDays": 90 }.`]);
  return content;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
