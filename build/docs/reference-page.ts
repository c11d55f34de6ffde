import type { Declared, Member } from './declarations.ts';
import type { DocComment } from './doc-comment.ts';
import type { Entry } from './entries.ts';

const head = `# Reference

What the package exports, entry by entry. Made from the comments in the source by \`npm run docs\`. Settings have a page of their own:
[settings.md](settings.md). The HTTP API is in [api.md](api.md).
`;

/** `docs/reference.md`. */
export function referencePage(entries: readonly Entry[]): string {
  const described = new Map(entries.flatMap(({ exported }) => exported.map((one) => [one.name, one])));
  const sections = entries.map(
    ({ name, exported }) => `## \`${name}\`\n\n${exported.map((one) => declaration(one, described)).join('\n')}`,
  );
  return `${[head, ...sections].join('\n').trim()}\n`;
}

function declaration(declared: Declared, described: ReadonlyMap<string, Declared>): string {
  const { name, kind, signature, doc, members, path, isGenerated } = declared;
  const lines = [`### \`${name}\`\n`];
  if (isGenerated) return [...lines, 'A type of the API: [openapi.json](openapi.json) describes it.\n'].join('\n');
  const shown = kind === 'type' || kind === 'const' ? `${kind} ${name} = ${signature}` : signature;
  if (shown) lines.push(`\`\`\`ts\n${shown}\n\`\`\`\n`);
  lines.push(doc.text || `Of \`${path}\`.`, '', ...asides(doc));
  if (name === 'RevealRelayProps') lines.push('All of them: [settings.md](settings.md).\n');
  else lines.push(...list(members, described));
  return lines.join('\n');
}

function list(members: readonly Member[], described: ReadonlyMap<string, Declared>): string[] {
  if (members.length === 0) return [];
  return [...members.flatMap((member) => item(member, described, '')), ''];
}

function item(member: Member, described: ReadonlyMap<string, Declared>, indent: string): string[] {
  const { doc } = member;
  const rest = doc.default ? ` Default: ${sentence(doc.default)}` : '';
  const text = [docOf(member, described), ...asides(doc)]
    .join(' ')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
  return [
    `${indent}* \`${member.signature}\`${text || rest ? `: ${text}${rest}` : ''}`,
    ...member.members.filter((inside) => inside.doc.text).flatMap((inside) => item(inside, described, `${indent}  `)),
  ];
}

/** What its own comment says, or that of its type where that is ours. */
export function docOf({ doc, type }: Member, described: ReadonlyMap<string, Declared>): string {
  return doc.text || (described.get(type)?.doc.text ?? '');
}

function asides({ params, returns, throws, see }: DocComment): string[] {
  const lines = params.filter(({ text }) => text).map(({ name, text }) => `\`${name}\`: ${sentence(text)}`);
  if (returns) lines.push(`Returns ${sentence(returns)}`);
  if (throws) lines.push(`Throws ${sentence(throws)}`);
  if (see) lines.push(`See ${see}.`);
  return lines.length > 0 ? [lines.join('\n'), ''] : [];
}

const sentence = (text: string) => (/[.!?:]$/.test(text) ? text : `${text}.`);
