import { compile } from 'json-schema-to-typescript';

type Schema = Parameters<typeof compile>[0];
type Json = Record<string, unknown>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Json;
}
interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: { readonly $ref: string } }>>;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content & { readonly required: boolean };
  readonly responses: Readonly<Record<string, Content>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

const banner =
  '/** Made from docs/openapi.json by `npm run openapi`: change the schemas of the API, and run it again. */';

/** What the generator says of its own work, and limits that a type does not hold. */
const noise =
  /^ *\/\*\*\n(?: *\* (?:This interface was referenced|via the `definition`|@(?:min|max)Items).*\n)+ *\*\/\n/gm;

/** What the client knows of the API: types of what it takes and answers, and a table of its operations. */
export async function clientTypes(document: object): Promise<string> {
  const { paths, components } = document as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
  );
  const described = operations.map(
    ({ operationId, ...operation }) => [operationId, inputAndAnswer(operation)] as const,
  );
  const all = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    required: described.map(([id]) => id),
    properties: Object.fromEntries(described),
    definitions: Object.fromEntries(
      Object.entries(components.schemas).map(([name, schema]) => [name, alternatives(schema)]),
    ),
  };
  const types = await compile(local(all) as Schema, 'Operations', {
    bannerComment: banner,
    additionalProperties: false,
    unknownAny: true,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 120 },
  });
  const table = operations.map(
    ({ operationId, method, path, responses }) =>
      `  ${operationId}: { method: '${method}', path: '${path}'${jsonAnswers(responses).length > 0 ? '' : ', bytes: true'} },\n`,
  );
  return `${types.replaceAll(noise, '')}\n/** Where each operation is. */\nexport const operations = {\n${table.join('')}} as const;\n`;
}

function inputAndAnswer({ parameters = [], requestBody, responses }: Omit<Operation, 'operationId'>): Json {
  const given = ['path', 'query', 'header'].flatMap((place) => {
    const fields = parameters.filter((parameter) => parameter.in === place);
    const required = fields.flatMap(({ name, required }) => (required ? [name] : []));
    return fields.length === 0 ? [] : [{ place, schema: objectOf(fields, required), needed: required.length > 0 }];
  });
  const body = requestBody?.content?.['application/json']?.schema;
  const json = jsonAnswers(responses);
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(given.map(({ place, schema }) => [place, schema])),
      ...(body && { body }),
      // What is not JSON is handed on as bytes.
      answer: json.length > 0 ? { anyOf: json.map(($ref) => ({ $ref })) } : { tsType: 'Uint8Array' },
    },
    required: [
      'answer',
      ...given.flatMap(({ place, needed }) => (needed ? [place] : [])),
      ...(requestBody?.required ? ['body'] : []),
    ],
  };
}

/** The schemas of what the answers hold that are no problems. */
function jsonAnswers(responses: Operation['responses']): string[] {
  const found = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const schemas = found.map(([, { content }]) => content?.['application/json']?.schema);
  return [...new Set(schemas.flatMap((schema) => (schema ? [schema.$ref] : [])))];
}

const objectOf = (fields: readonly Parameter[], required: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
  required,
});

/** An object that needs one of some fields, as the types that it may have: one for each. */
function alternatives(schema: Json): Json {
  const { oneOf, properties, required = [], ...rest } = schema as Json & { oneOf?: Json[]; required?: string[] };
  const ways = (oneOf ?? []).map((way) => way.required as string[] | undefined);
  if (!properties || ways.length === 0 || ways.includes(undefined)) return schema;
  const names = ways.flatMap((way) => way ?? []);
  return {
    ...rest,
    type: undefined,
    anyOf: ways.map((way = []) => {
      const left = Object.entries(properties).filter(([name]) => way.includes(name) || !names.includes(name));
      return { type: 'object', properties: Object.fromEntries(left), required: [...required, ...way] };
    }),
  };
}

/** The same schema with its references to where the generator looks for them. */
function local(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/definitions/'));
}
