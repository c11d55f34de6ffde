import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { resourcesOf } from '../support/synthesised.ts';
import { stack } from './governed-relay.ts';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = await read('docs/operations.md');
const section = (heading: string) => page.split(`### ${heading}\n`)[1]?.split(/\n##/)[0] ?? '';
const resources = resourcesOf(stack);
const ofType = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);

interface Statement {
  readonly Action: string | string[];
  readonly Principal: { readonly Service?: string };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
const statementsOf = (document: unknown) => (document as { Statement: Statement[] }).Statement;

it('shows how a platform team sets up a relay, in code that is compiled', async () => {
  const code = await read('test/docs/governed-relay.ts');
  expect(page).toContain(code.replace("'../../lib/index.ts'", "'reveal-relay'").replace('export const', 'const'));
});

it('has a permissions boundary reach every role, as the code that it shows does', () => {
  const roles = ofType('AWS::IAM::Role');
  expect(roles.length).toBeGreaterThan(5);
  for (const { PermissionsBoundary } of roles) {
    expect(JSON.stringify(PermissionsBoundary)).toContain(':policy/developer-boundary');
  }
});

it('lists what the policy of an imported key must allow the services: what a key that is made in the app is given', () => {
  const [, json = '[]'] = /```json\n(\[[\s\S]*?\])\n```/.exec(section('A key of your own')) ?? [];
  const said = (statements: readonly Statement[]) =>
    statements.map(({ Principal, Action, Condition = {} }) => ({
      service: Principal.Service,
      actions: [Action].flat().sort(),
      conditions: Object.values(Condition).flatMap(Object.keys).sort(),
    }));
  const given = statementsOf(ofType('AWS::KMS::Key')[0]?.KeyPolicy).filter(({ Principal }) => Principal.Service);
  expect(said(JSON.parse(json))).toEqual(said(given));
});

it('lists the endpoints that the handlers need in a VPC: one for each service that their code may call', () => {
  const listed = [...section('In a VPC').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  // Used by Lambda and the Scheduler in the name of a role, or through another service.
  const others = ['ec2', 'kms', 'lambda', 'logs', 'xray'];
  const called = ofType('AWS::IAM::Policy')
    .flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument))
    .flatMap(({ Action }) => Action)
    .map((action) => action.split(':')[0] ?? '');
  expect(new Set(called.filter((service) => !others.includes(service)))).toEqual(new Set(listed));
});
