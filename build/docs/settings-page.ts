import { relaySettingsGiven } from '../../lib/config/settings.ts';
import type { Declared } from './declarations.ts';
import { type DescribedSetting, describedSettings, propsOf } from './described-settings.ts';

/**
 * `docs/settings.md`.
 *
 * @param head what somebody has written, with `EXAMPLE` where the example of a file goes
 */
export function settingsPage(described: readonly Declared[], head: string, example: string): string {
  const settings = describedSettings(described);
  const known = new Set(Object.values(relaySettingsGiven).map(({ prop }): string => prop));
  const inCodeOnly = propsOf(described).filter(({ path }) => !known.has(path));
  return [
    head.replace('EXAMPLE', () => example.trim()).trim(),
    '\n## All settings\n',
    '| setting | in code | default |\n| --- | --- | --- |',
    ...settings.map(row),
    '',
    ...settings.map(section),
    ...(inCodeOnly.length > 0 ? ['## In code alone\n', 'Props of `RevealRelay` that a text cannot say.\n'] : []),
    ...inCodeOnly.map(({ path, member }) => codeSection(path, member.type, member.doc.text, member.doc.default)),
  ]
    .join('\n')
    .trim()
    .concat('\n');
}

const row = ({ name, prop, usually }: DescribedSetting) =>
  `| [\`${name}\`](#${name.toLowerCase()}) | ${prop ? `\`${prop}\`` : "the stack's props"} | ${short(usually)} |`;

/** Up to where a reason begins. */
const short = (usually: string) => usually.split(/[:;] /)[0]?.replaceAll('|', '\\|');

const section = ({ name, prop, kind, text, usually }: DescribedSetting) =>
  `### \`${name}\`\n\n${text}\n\nGive ${kind.says}. Default: ${sentence(usually)}${prop ? ` In code: \`${prop}\`.` : ''}\n`;

const codeSection = (path: string, type: string, text: string, usually = 'none') =>
  `### \`${path}\`\n\n${text}\n\nA \`${type}\`. Default: ${sentence(usually)}\n`;

const sentence = (text: string) => (/[.!?:]$/.test(text) ? text : `${text}.`);
