import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import { openApiDocument } from '../../build/openapi-document.ts';
import { type ApiRoute, apiRoutes } from '../../lambdas/contract.ts';
import { usableAnswer } from '../../lambdas/fiber/vendor-schema.ts';
import { batchAnswer, problem, revealPage, revealView, startsView } from '../../lambdas/http/api-schema.ts';
import { listView, resultPage } from '../../lambdas/http/lists/list-schema.ts';
import { manyAnswer } from '../../lambdas/http/lists/many-schema.ts';
import { matchRoute } from '../../local/services/http-routes.ts';

const text = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
const sections = text
  .split(/^## /m)
  .map((section) => ({ heading: section.split('\n')[0]?.replaceAll('`', ''), section }));
const blocks = (from: string, language: string) =>
  [...from.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)\n\`\`\`$`, 'gms'))].map(([, block = '']) => block);

const answers: Partial<Record<ApiRoute, z.ZodMiniType>> = {
  'POST /reveals/batch': batchAnswer,
  'GET /reveals': revealPage,
  'GET /reveals/{id}/answer': usableAnswer,
  'POST /reveals/cancel': manyAnswer,
  'POST /reveals/resume': manyAnswer,
  'POST /reveals/erase': manyAnswer,
  'POST /lists/{name}/cancel': manyAnswer,
  'POST /lists/{name}/resume': manyAnswer,
  'POST /lists/{name}/erase': manyAnswer,
  'GET /lists/{name}': listView,
  'GET /lists/{name}/results': resultPage,
  'GET /starts': startsView,
  'POST /starts/pause': startsView,
  'POST /starts/go': startsView,
};

/** The route that a curl command calls. */
function routeOf(command: string): string | undefined {
  const method = /-X (\w+)/.exec(command)?.[1] ?? (command.includes('--json') ? 'POST' : 'GET');
  const [, path = ''] = /\$URL([^\s?"]*)/.exec(command) ?? [];
  return matchRoute(
    apiRoutes.map((key) => ({ key, target: key })),
    method,
    path,
  )?.key;
}

describe('docs/api.md', () => {
  it('has a section for each route of the OpenAPI document', () => {
    const { paths } = openApiDocument() as { paths: Record<string, Record<string, unknown>> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const documented = sections.filter(({ heading }) => /^[A-Z]+ \//.test(heading ?? '')).map(({ heading }) => heading);
    expect(documented.sort()).toEqual(routes.sort());
  });

  it.each(apiRoutes)('%s: has commands that call it, each with an answer as the schema says', (route) => {
    const section = sections.find(({ heading }) => heading === route)?.section ?? '';
    const commands = blocks(section, 'sh');
    expect(commands.map(routeOf)).toEqual(commands.map(() => route));
    const examples = blocks(section, 'json').map((block) => JSON.parse(block));
    expect(examples).toHaveLength(commands.length);
    for (const example of examples) {
      const schema = 'type' in example ? problem : (answers[route] ?? revealView);
      expect(schema.safeParse(example).error).toBeUndefined();
    }
  });

  it('shows a state for other state machines that is JSON', () => {
    const [state = ''] = blocks(text, 'asl');
    expect(JSON.parse(state)).toMatchObject({ Resource: 'arn:aws:states:::states:startExecution.sync:2' });
  });
});
