import { mkdir, writeFile } from 'node:fs/promises';
import { eventSchemaFiles, openApiDocument } from '../build/openapi-document.ts';

const docs = new URL('../docs/', import.meta.url);
const write = (name: string, content: object) =>
  writeFile(new URL(name, docs), `${JSON.stringify(content, null, 2)}\n`);

await mkdir(new URL('events/', docs), { recursive: true });
await write('openapi.json', openApiDocument());
for (const [name, content] of Object.entries(eventSchemaFiles())) await write(`events/${name}`, content);
