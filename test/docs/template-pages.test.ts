import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { architecturePicture } from '../../build/docs/architecture.ts';
import { permissionsTable } from '../../build/docs/permissions.ts';
import { ofType, type Template } from '../../build/docs/template.ts';
import { templatePages } from '../../build/docs/template-pages.ts';
import { testAssembly } from '../support/assembly.ts';

let template: Template;
beforeAll(async () => {
  ({ template } = (await testAssembly()) as { template: Template });
});

describe('what is made from the template', () => {
  it.each(Object.entries(templatePages))(
    '%s says what is deployed; if not, run `npm run docs`',
    async (path, render) => {
      const page = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
      expect(render(page, template)).toBe(page);
    },
  );

  it('the table names every action of every role', () => {
    const table = permissionsTable(template);
    const actions = ofType(template, 'AWS::IAM::Policy').flatMap(([, { PolicyDocument }]) => {
      const { Statement } = PolicyDocument as { Statement: { Action: string | string[] }[] };
      return Statement.flatMap(({ Action }) => Action);
    });
    const counts = (texts: string[]) => texts.toSorted();
    expect(counts([...table.matchAll(/`(\w+:\w+)`/g)].map(([, action = '']) => action))).toEqual(counts(actions));
  });

  it('the picture has every handler, and nobody but who may read the key asks the vendor', () => {
    const picture = architecturePicture(template);
    const handlers = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(picture.match(/<br\/>handler"/g)).toHaveLength(handlers.length);
    const after = (to: string) => [...picture.matchAll(new RegExp(`(\\w+) --> ${to}\\b`, 'g'))].map(([, from]) => from);
    expect(after('vendor')).toEqual(after('ApiKey'));
    expect(after('vendor')).toEqual(['workflow', 'SafetyNetSweep']);
  });
});
