import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { eventSchemaFiles, openApiDocument } from '../build/openapi-document.ts';
import { apiRoutes } from '../lambdas/contract.ts';
import { problems, problemType } from '../lambdas/http/problem.ts';

const docs = new URL('../docs/', import.meta.url);
const read = (name: string) => readFile(new URL(name, docs), 'utf8');
const stale = 'Stale: run npm run openapi';

describe('what is checked in', () => {
  it('is the OpenAPI document of these schemas', async () => {
    expect(JSON.parse(await read('openapi.json')), stale).toEqual(openApiDocument());
  });

  it('is the schemas of these events', async () => {
    const files = eventSchemaFiles();
    expect((await readdir(new URL('events/', docs))).sort(), stale).toEqual(Object.keys(files).sort());
    for (const [name, content] of Object.entries(files)) {
      expect(JSON.parse(await read(`events/${name}`)), stale).toEqual(content);
    }
  });

  it('has every route, and no reference that leads nowhere', () => {
    const { paths, components } = openApiDocument() as {
      paths: Record<string, Record<string, unknown>>;
      components: { schemas: Record<string, unknown> };
    };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual([...apiRoutes].sort());
    const references = JSON.stringify(openApiDocument()).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name] of references) expect(Object.keys(components.schemas)).toContain(name);
  });

  it('describes every problem, with its status and what to do', async () => {
    const sections = (await read('problems.md')).split(/^## /m).slice(1);
    const documented = sections.map((section) => section.match(/^`([^`]+)` \((\d{3})\)\n\n\S/)?.slice(1));
    expect(documented).toEqual(
      Object.entries(problems).map(([name, { status }]) => [
        problemType(name as keyof typeof problems),
        String(status),
      ]),
    );
  });
});
