import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Kind } from '../../lib/config/kinds.ts';
import type { Setting } from '../../lib/config/setting.ts';
import { placeSettings, relaySettingsGiven } from '../../lib/config/settings.ts';
import type { Declared, Member } from './declarations.ts';

/** A setting, with the words that are there about it. */
export interface DescribedSetting {
  readonly name: string;
  readonly kind: Kind<unknown>;
  readonly text: string;
  /** What holds where it is not given. */
  readonly usually: string;
  /** What it becomes. Undefined where it is not of the relay but of the stack. */
  readonly prop?: string;
}

/** A prop, or one inside it, such as `api.corsOrigins`. */
export interface Prop {
  readonly path: string;
  readonly member: Member;
}

/** All props of the relay; those of an option of ours in its place. */
export function propsOf(described: readonly Declared[], owner = 'RevealRelayProps', before = ''): Prop[] {
  const { members = [] } = described.find(({ name }) => name === owner) ?? {};
  return members.flatMap((member) => inside(described, member, before));
}

function inside(described: readonly Declared[], member: Member, before: string): Prop[] {
  const path = before + member.name;
  const hasOwn = described.some(({ name, kind }) => name === member.type && kind === 'interface');
  if (hasOwn) return propsOf(described, member.type, `${path}.`);
  if (member.members.length > 0)
    return member.members.flatMap((one) => inside(described, withDefaultOf(one, member), `${path}.`));
  return [{ path, member }];
}

/** What is said of an object holds for what is in it. */
function withDefaultOf(member: Member, { doc }: Member): Member {
  return {
    ...member,
    doc: { ...member.doc, text: member.doc.text || doc.text, default: member.doc.default ?? doc.default },
  };
}

/** @throws Error naming a setting whose prop is nowhere */
export function describedSettings(described: readonly Declared[]): DescribedSetting[] {
  const props = propsOf(described);
  const ofPlace = Object.entries(placeSettings).map(([name, { kind, about, usually }]) => ({
    name,
    kind,
    text: about,
    usually,
  }));
  const ofRelay = Object.entries<Setting>(relaySettingsGiven).map(([name, { kind, prop, describedAt }]) => {
    const there = props.find(({ path }) => path === prop)?.member;
    const [owner, member] = describedAt?.split('.') ?? [];
    const elsewhere = described.find((one) => one.name === owner)?.members.find((one) => one.name === member);
    const { text } = (elsewhere ?? there)?.doc ?? {};
    if (!there || !text) throw new Error(`The setting ${name} becomes ${prop}, which has no comment or is not there.`);
    return { name, kind, text, prop, usually: asGiven(name, there.doc.default ?? 'none') };
  });
  return [...ofPlace, ...ofRelay];
}

const minutes = { minutes: 1, hours: 60, days: 24 * 60 };

/** What a prop is as code, as a setting is: a number of what its name ends with, or a word of a list. */
function asGiven(name: string, usually: string): string {
  const [, unit = ''] = /(Minutes|Days)$/.exec(name) ?? [];
  const perUnit = minutes[unit.toLowerCase() as keyof typeof minutes] ?? 1;
  return usually
    .replace(/^Duration\.(minutes|hours|days)\((\d+)\)/, (_, of: keyof typeof minutes, count: string) =>
      String((Number(count) * minutes[of]) / perUnit),
    )
    .replace(/^RetentionDays\.(\w+)/, (_, period: keyof typeof RetentionDays) => String(RetentionDays[period]))
    .replace(/^ApplicationLogLevel\./, '');
}
