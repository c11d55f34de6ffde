import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { clientTypes } from '../build/client-types.ts';
import { eventSchemaFiles, openApiDocument } from '../build/openapi-document.ts';
import { apiRoutes } from '../lambdas/contract.ts';
import { problems, problemType } from '../lambdas/http/problem.ts';

const docs = new URL('../docs/', import.meta.url);
const read = (name: string) => readFile(new URL(name, docs), 'utf8');
const stale = 'Stale: run npm run openapi';

type Content = Record<string, { example?: unknown }>;
interface Operation {
  operationId: string;
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { content?: Content }>;
}

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

  it('is what the client knows of the API', async () => {
    expect(await readFile(new URL('../lib/client/api-types.ts', docs), 'utf8'), stale).toBe(
      await clientTypes(openApiDocument()),
    );
  });

  it('has a name for each operation, and an example for each body and answer that is JSON', () => {
    const { paths } = openApiDocument() as { paths: Record<string, Record<string, Operation>> };
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    const names = operations.map(({ operationId }) => operationId);
    expect(names.filter((name) => !/^[a-z][A-Za-z]+$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    const without = operations.flatMap(({ operationId, requestBody, responses }) => {
      const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      const examples = answers.flatMap(([, { content = {} }]) => Object.values(content).map(({ example }) => example));
      const isSent = requestBody?.required !== true || requestBody.content['application/json']?.example !== undefined;
      return isSent && examples.some((example) => example !== undefined) ? [] : [operationId];
    });
    expect(without).toEqual([]);
  });

  it('says how requests get in: signed, or with a token', () => {
    const { security, components } = openApiDocument() as {
      security: object[];
      components: { securitySchemes: Record<string, object> };
    };
    expect(security.map((scheme) => Object.keys(scheme))).toEqual([['sigv4'], ['bearer']]);
    expect(components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
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
