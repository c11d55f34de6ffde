type Json = Record<string, unknown>;

/**
 * An operation with the examples that its section of docs/api.md has: the first body that it sends, and the first answer of each status. The test of that
 * page compares them with the schemas.
 */
export function withExamples(operation: Json, route: string, documentation: string): Json {
  const [, section = ''] = documentation.split(`\n## \`${route}\`\n`);
  const [own = ''] = section.split('\n## ');
  const [, sent] = /--json '([^']*)'/.exec(own) ?? [];
  const { requestBody, responses, ...rest } = operation as { requestBody?: Json; responses: Record<string, Json> };
  const answers = [...own.matchAll(/^```json\n(.*?)\n```$/gms)].map(([, text = '']) => JSON.parse(text) as Json);
  const examples = new Map<string, Json>();
  for (const answer of answers) {
    const status = statusOf(answer, route, responses);
    if (!examples.has(status)) examples.set(status, answer);
  }
  return {
    ...rest,
    ...(requestBody && { requestBody: exemplified(requestBody, sent && JSON.parse(sent)) }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [status, exemplified(response, examples.get(status))]),
    ),
  };
}

/** The page shows bodies alone: a problem says its status, and only what has just been started is answered with 202. */
function statusOf(answer: Json, route: string, responses: Record<string, Json>): string {
  const [usual = '200', ...others] = Object.keys(responses).filter((status) => status.startsWith('2'));
  if (String(answer.type).startsWith('/problems/')) return String(answer.status);
  const isAttached = 'optionsDiffer' in answer || 'ageSeconds' in answer;
  const isStarted = route.startsWith('POST') && answer.status === 'running' && !isAttached;
  return isStarted && others.includes('202') ? '202' : usual;
}

function exemplified(described: Json, example: unknown): Json {
  if (example === undefined) return described;
  const content = Object.entries((described.content ?? {}) as Record<string, Json>);
  return { ...described, content: Object.fromEntries(content.map(([type, media]) => [type, { ...media, example }])) };
}
