import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { docsPages } from '../build/docs/pages.ts';
import type { Template as SynthesisedTemplate } from '../build/docs/template.ts';
import { templatePages } from '../build/docs/template-pages.ts';
import { RevealRelayStack } from '../lib/reveal-relay-stack.ts';

const repository = new URL('../', import.meta.url);
// With the feature flags that `npx cdk deploy` has, or else other statements come out.
const { context } = JSON.parse(await readFile(new URL('cdk.json', repository), 'utf8'));
const stack = new RevealRelayStack(new App({ context }), 'RevealRelay');
const template = Template.fromStack(stack).toJSON() as SynthesisedTemplate;

for (const [path, render] of Object.entries(templatePages)) {
  const page = fileURLToPath(new URL(path, repository));
  await writeFile(page, render(await readFile(page, 'utf8'), template));
}

for (const [name, text] of Object.entries(docsPages(fileURLToPath(repository)))) {
  await writeFile(new URL(`docs/${name}`, repository), text);
}
