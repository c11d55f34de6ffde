import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type ApiRoute, eventTypes } from '../lambdas/contract.ts';
import * as schema from '../lambdas/http/api-schema.ts';
import * as lists from '../lambdas/http/lists/list-schema.ts';
import * as many from '../lambdas/http/lists/many-schema.ts';
import { type ProblemName, problems, problemType } from '../lambdas/http/problem.ts';
import { eventSchemas } from '../lambdas/reveal/events/schemas.ts';
import { withExamples } from './openapi-examples.ts';

type Json = Record<string, unknown>;

/** Dates as the format says; the pattern that zod adds is longer than everything else. */
const settings = {
  io: 'input',
  override: ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) => {
    if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  },
} as const;

const requests = new Set([
  'StartReveal',
  'StartBatch',
  'ResumeReveal',
  'ErasePerson',
  'CancelMany',
  'ResumeMany',
  'EraseMany',
  'GoOn',
  'ResumeList',
]);
const components = z.registry<{ id: string }>();
for (const [id, component] of Object.entries({
  StartReveal: schema.startBody,
  StartBatch: schema.documentedBatchBody,
  ResumeReveal: schema.resumeBody,
  ErasePerson: schema.erasureBody,
  Reveal: schema.revealView,
  ListedReveal: schema.listedReveal,
  RevealPage: schema.revealPage,
  BatchResult: schema.batchResult,
  BatchAnswer: schema.batchAnswer,
  List: lists.listView,
  ListResults: lists.resultPage,
  CancelMany: many.cancelBody,
  ResumeMany: many.resumeManyBody,
  EraseMany: many.eraseBody,
  GoOn: many.listBody,
  ResumeList: many.listResumeBody,
  ManyDone: many.manyAnswer,
  Starts: schema.startsView,
  Problem: schema.problem,
})) {
  components.add(component, { id });
}

/** Names a person or a task. What zod checks beyond single fields its JSON Schema does not tell. */
const isOneWish = { oneOf: [{ required: ['taskId'] }, { required: ['linkedinUrl'] }] };

const refTo = (id: string) => ({ $ref: `#/components/schemas/${id}` });
const json = (id: string) => ({ 'application/json': { schema: refTo(id) } });
const location = { Location: { description: 'Where the reveal is', schema: { type: 'string' } } };
const reveal = (description: string, headers?: Json) => ({
  description,
  ...(headers && { headers }),
  content: json('Reveal'),
});
const starts = { 200: { description: 'As it is then', content: json('Starts') } };
const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Needed with maxAge 0 and with maxCredits: the same key is the same new result, and the same batch.',
  schema: { type: 'string', pattern: '^[!-~]{1,128}$' },
};
const prefer = {
  name: 'Prefer',
  in: 'header',
  description: `What wait says, as in wait=${schema.limits.waitSeconds} (RFC 7240). More seconds are as many as that, and what cannot be read is ignored.`,
  schema: { type: 'string' },
};
const preferenceApplied = {
  'Preference-Applied': {
    description: 'How long it was ready to wait, where Prefer asked',
    schema: { type: 'string' },
  },
};
const retryAfter = {
  'Retry-After': { description: 'Seconds until news are expected', schema: { type: 'integer', minimum: 1 } },
};
const body = (id: string, required = true) => ({ requestBody: { required, content: json(id) } });

interface Operation {
  /** What generated clients call it. */
  id: string;
  summary: string;
  description?: string;
  answers: Json;
  problems: ProblemName[];
  more?: Json;
}

/** Of what is done to many. */
const goOn = 'A hundred at the most in one call. Call again with the cursor of the answer until there is none.';
const doneSoFar = {
  200: { description: 'How far it is, and whom it has left as they are', content: json('ManyDone') },
};

const bodyProblems: ProblemName[] = ['not-json', 'too-large', 'not-application-json', 'invalid-body'];

const keyProblems: ProblemName[] = ['key-missing', 'invalid-key'];

const operations: Record<ApiRoute, Operation> = {
  'POST /reveals': {
    id: 'startReveal',
    summary: 'Start a reveal, or attach to it',
    description:
      'The same task or person again attaches to what is running or stored. One that ended without a result starts over. For a person a task is started, which costs credits: a result that is young enough costs none.',
    more: { parameters: [idempotencyKey], ...body('StartReveal') },
    answers: {
      200: reveal('It is there already: as it is, with its result if it has completed', location),
      202: reveal('It has been started', location),
    },
    problems: [...bodyProblems, 'options-differ', ...keyProblems],
  },
  'POST /reveals/batch': {
    id: 'startBatch',
    summary: `Start up to ${schema.limits.batchItems} reveals`,
    description: 'Each item has a status of its own, in the order of the request. The default priority is bulk.',
    more: { parameters: [idempotencyKey], ...body('StartBatch') },
    answers: { 207: { description: 'A result per item', content: json('BatchAnswer') } },
    problems: [...bodyProblems, ...keyProblems],
  },
  'GET /reveals': {
    id: 'listReveals',
    summary: 'List reveals, newest first, without contact data',
    description:
      'Eventually consistent. A page may be shorter than the limit and still have a cursor: go on until there is none.',
    more: { parameters: queryParameters(schema.listQuery) },
    answers: { 200: { description: 'A page', content: json('RevealPage') } },
    problems: ['invalid-query'],
  },
  'GET /reveals/{id}': {
    id: 'getReveal',
    summary: 'Status, progress and result of a reveal',
    description:
      'With wait it answers as soon as the reveal has ended. A reveal that is still running then, or cannot have ended by then, is 202, and Retry-After says when to ask again.',
    more: { parameters: [...queryParameters(schema.revealQuery), prefer] },
    answers: {
      200: reveal('The reveal as of this moment; with wait, one that has ended', preferenceApplied),
      202: reveal('With wait: it is running still', { ...preferenceApplied, ...retryAfter }),
    },
    problems: ['invalid-query', 'no-such-reveal'],
  },
  'DELETE /reveals/{id}': {
    id: 'cancelReveal',
    summary: 'Cancel a reveal',
    answers: { 200: reveal('Nobody looks any more') },
    problems: ['no-such-reveal', 'already-completed'],
  },
  'POST /reveals/{id}/resume': {
    id: 'resumeReveal',
    summary: 'Start over a reveal that ended without a result',
    description:
      'A reveal that is running, has completed or has been erased stays as it is. Where nobody knows whether a task was started, startAgain or taskId decides.',
    more: body('ResumeReveal', false),
    answers: {
      200: reveal('It is as it was', location),
      202: reveal('Another generation has been started', location),
    },
    problems: [...bodyProblems, 'no-such-reveal', 'start-unknown', 'start-under-way', 'start-known', 'task-taken'],
  },
  'GET /reveals/{id}/answer': {
    id: 'getAnswer',
    summary: "The vendor's answer, byte for byte",
    description: "Under the vendor's own content type. It holds contact data.",
    answers: { 200: { description: 'What the vendor has sent, nothing added', content: { '*/*': {} } } },
    problems: ['no-such-reveal', 'no-answer'],
  },
  'POST /reveals/{id}/reread': {
    id: 'rereadReveal',
    summary: "Read the vendor's answer again",
    description:
      'For after an update of the relay that reads more. A reveal that was given up on gets its late result, if its answer can be read by now.',
    answers: { 200: reveal('The reveal, with what was read') },
    problems: ['no-such-reveal', 'no-answer'],
  },
  'DELETE /reveals/{id}/result': {
    id: 'eraseReveal',
    summary: 'Erase the contact data of a reveal',
    description:
      'Counts remain, and nothing fetches the data again before they expire. A running reveal is cancelled first.',
    answers: { 200: reveal('What remains') },
    problems: ['no-such-reveal'],
  },
  'POST /reveals/cancel': {
    id: 'cancelReveals',
    summary: 'Cancel all reveals that run, or that were started since',
    description: goOn,
    more: body('CancelMany', false),
    answers: doneSoFar,
    problems: bodyProblems,
  },
  'POST /reveals/resume': {
    id: 'resumeReveals',
    summary: 'Start over reveals that ended in one way, as far as that costs nothing',
    description: goOn,
    more: body('ResumeMany'),
    answers: doneSoFar,
    problems: bodyProblems,
  },
  'POST /reveals/erase': {
    id: 'eraseReveals',
    summary: 'Erase the contact data of reveals by status, time or both',
    description: goOn,
    more: body('EraseMany'),
    answers: doneSoFar,
    problems: bodyProblems,
  },
  'POST /erasures': {
    id: 'erasePerson',
    summary: 'Erase the contact data of a person',
    description:
      'What DELETE /reveals/{id}/result does, by any spelling of the profile. A task that has not been started is not started any more.',
    more: body('ErasePerson'),
    answers: { 200: reveal('What remains') },
    problems: [...bodyProblems, 'no-such-reveal'],
  },
  'GET /lists/{name}': {
    id: 'getList',
    summary: 'How the reveals of a list stand',
    description:
      'Counts 1,000 members at a time: with a cursor it goes on and adds to what it has counted, until there is none. secondsLeft is a rough guess.',
    more: { parameters: queryParameters(lists.countQuery) },
    answers: { 200: { description: 'Counts of the first members, or of all', content: json('List') } },
    problems: ['invalid-query', 'no-such-list'],
  },
  'GET /lists/{name}/results': {
    id: 'getListResults',
    summary: 'The reveals of a list in its order, with their results',
    description:
      'It holds contact data. With Accept: application/jsonl or application/x-ndjson each is a line, and a Link header leads to the next page.',
    more: { parameters: queryParameters(lists.resultsQuery) },
    answers: {
      200: {
        description: 'A page, which may be shorter than the limit',
        headers: { Link: { description: 'The next page, if there may be more', schema: { type: 'string' } } },
        content: { ...json('ListResults'), 'application/jsonl': { schema: { type: 'string' } } },
      },
    },
    problems: ['invalid-query', 'no-such-list'],
  },
  'POST /lists/{name}/cancel': {
    id: 'cancelList',
    summary: 'Cancel all reveals of a list that run',
    description: goOn,
    more: body('GoOn', false),
    answers: doneSoFar,
    problems: [...bodyProblems, 'no-such-list'],
  },
  'POST /lists/{name}/resume': {
    id: 'resumeList',
    summary: 'Start over the reveals of a list that ended without a result, as far as that costs nothing',
    description: `${goOn} With startTasks, tasks are started too where that is needed, which costs credits.`,
    more: body('ResumeList', false),
    answers: doneSoFar,
    problems: [...bodyProblems, 'no-such-list'],
  },
  'POST /lists/{name}/erase': {
    id: 'eraseList',
    summary: 'Erase the contact data of all reveals of a list',
    description: goOn,
    more: body('GoOn', false),
    answers: doneSoFar,
    problems: [...bodyProblems, 'no-such-list'],
  },
  'GET /starts': {
    id: 'getStarts',
    summary: 'Whether tasks are started, and what they have cost today',
    answers: starts,
    problems: [],
  },
  'POST /starts/pause': {
    id: 'pauseStarts',
    summary: 'Put on the brake: nothing is paid for any more',
    answers: starts,
    problems: [],
  },
  'POST /starts/go': {
    id: 'letStartsGo',
    summary: 'Let go of the brake',
    answers: starts,
    problems: [],
  },
};

/** The OpenAPI document of the HTTP API, made from the schemas that its handler checks with, and with the examples that docs/api.md has. */
export function openApiDocument(): Json {
  const { schemas } = z.toJSONSchema(components, { ...settings, uri: (id) => `#/components/schemas/${id}` });
  Object.assign(schemas.StartReveal as Json, isOneWish);
  const paths: Record<string, Json> = {};
  const documentation = readFileSync(new URL('../docs/api.md', import.meta.url), 'utf8');
  for (const [route, operation] of Object.entries(operations)) {
    const [method = '', path = ''] = route.split(' ');
    const described = withExamples(operationObject(path, operation), route, documentation);
    paths[path] = { ...paths[path], [method.toLowerCase()]: described };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'reveal-relay',
      version: '1',
      description: 'Waits out contact reveals. Problems are described in docs/problems.md.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ sigv4: [] }, { bearer: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([id, found]) => [id, requests.has(id) ? bare(found) : extensible(bare(found))]),
      ),
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description:
            'AWS Signature Version 4, service execute-api, by a principal that has execute-api:Invoke. What a relay asks for unless it is told otherwise.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token of the issuer that the relay was set up with, by HttpApiAuth.jwt.',
        },
      },
    },
  };
}

/** JSON Schemas of the events' details, by file name. */
export function eventSchemaFiles(): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(eventSchemas).map(([type, found]) => [
      `${type.toLowerCase().replaceAll(' ', '-')}.schema.json`,
      {
        title: `The detail of "${type}"`,
        ...z.toJSONSchema(found, settings),
        ...(type === eventTypes.requested && isOneWish),
      },
    ]),
  );
}

function operationObject(
  path: string,
  { id: operationId, summary, description, answers, problems: names, more = {} }: Operation,
): Json {
  const { parameters = [], ...rest } = more as { parameters?: Json[] };
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const all = [...inPath, ...parameters];
  return {
    operationId,
    summary,
    ...(description && { description }),
    ...(all.length > 0 && { parameters: all }),
    ...rest,
    responses: { ...answers, ...problemResponses([...names, 'try-again']) },
  };
}

function problemResponses(names: ProblemName[]): Json {
  const content = { 'application/problem+json': { schema: refTo('Problem') } };
  const responses: Record<string, { description: string; content: Json }> = {};
  for (const name of names) {
    const { status } = problems[name];
    const others = responses[status] ? `${responses[status].description}, ` : '';
    responses[status] = { description: others + problemType(name), content };
  }
  return responses;
}

function queryParameters(query: z.core.$ZodType): Json[] {
  const { properties = {} } = bare(z.toJSONSchema(query, settings)) as { properties?: Record<string, Json> };
  const numbers: Json = {
    limit: { type: 'integer', minimum: 1, maximum: schema.limits.pageItems },
    wait: { type: 'integer', minimum: 0, maximum: schema.limits.waitSeconds },
  };
  return Object.entries(properties).map(([name, found]) => ({
    name,
    in: 'query',
    schema: numbers[name] ?? found,
  }));
}

/** Without what only a schema in a file of its own says. */
function bare({ $schema: _schema, $id: _id, ...rest }: Json): Json {
  return rest;
}

/** Later versions may answer more: nobody is to reject an answer over a field that they do not know. */
function extensible(found: Json): Json {
  const entries = Object.entries(found)
    .filter(([name, value]) => !(name === 'additionalProperties' && value === false))
    .map(([name, value]) => [name, isObject(value) ? extensible(value) : value]);
  return Object.fromEntries(entries);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
