import { ofType, referredTo, shortName, type Template } from './template.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** What each role of a template may do, as a table of Markdown: one line for each statement of its policy. */
export function permissionsTable(template: Template): string {
  const lines = ofType(template, 'AWS::IAM::Policy').flatMap(([, { PolicyDocument, Roles }]) => {
    const [role = ''] = referredTo(Roles, template);
    const { Statement: statements } = PolicyDocument as { Statement: readonly Statement[] };
    return statements.map(({ Action, Resource }, at) => {
      const actions = [Action].flat().map((action) => `\`${action}\``);
      return `| ${at === 0 ? `**${holderOf(role)}**` : ''} | ${actions.join(', ')} | ${resourceText(Resource, template)} |`;
    });
  });
  return ['| who | may | on |', '| --- | --- | --- |', ...lines].join('\n');
}

const holderOf = (role: string) => shortName(role).replace(/Role$/, '');

function resourceText(resource: unknown, template: Template): string {
  if (resource === '*') return 'everything: the action knows no resources';
  if (Array.isArray(resource)) return resource.map((one) => resourceText(one, template)).join(', ');
  const [target] = referredTo(resource, template);
  const text = joined(resource);
  if (target === undefined) return `\`${text}\``;
  const index = /\/index\/([\w*-]+)$/.exec(text)?.[1];
  if (index) return `${shortName(target)}, index \`${index}\``;
  if (text.includes(':execution:')) return `executions of ${shortName(target)}`;
  return text.endsWith(':*') ? `${shortName(target)}, any version` : shortName(target);
}

/** What is plain text in a resource, without what only CloudFormation knows. */
function joined(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join } = value as { 'Fn::Join'?: [string, unknown[]] };
  return join ? join[1].map(joined).join(join[0]) : '';
}
