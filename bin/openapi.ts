import { mkdir, writeFile } from 'node:fs/promises';
import { clientTypes } from '../build/client-types.ts';
import { eventSchemaFiles, openApiDocument } from '../build/openapi-document.ts';

const docs = new URL('../docs/', import.meta.url);
const write = (name: string, content: object) =>
  writeFile(new URL(name, docs), `${JSON.stringify(content, null, 2)}\n`);

const document = openApiDocument();
await mkdir(new URL('events/', docs), { recursive: true });
await write('openapi.json', document);
for (const [name, content] of Object.entries(eventSchemaFiles())) await write(`events/${name}`, content);
await writeFile(new URL('../lib/client/api-types.ts', import.meta.url), await clientTypes(document));
