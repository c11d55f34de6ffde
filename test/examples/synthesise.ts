import { readFile } from 'node:fs/promises';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

// Synthesises the examples that the arguments name, each into a folder of its own: FOLDER NAME…
// Every app is checked, though it does not ask for it; a finding fails it.
const { synth } = App.prototype;
App.prototype.synth = function checked(options) {
  Validations.of(this).addPlugins(new AwsSolutionsChecks(this));
  return synth.call(this, options);
};

const [folder, ...examples] = process.argv.slice(2);
for (const example of examples) {
  const home = new URL(`../../examples/${example}/`, import.meta.url);
  const { context } = JSON.parse(await readFile(new URL('cdk.json', home), 'utf8'));
  process.env.CDK_OUTDIR = `${folder}/${example}`;
  // Bundling takes seconds: the tests of the handlers do it.
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] });
  await import(new URL('app.ts', home).href);
}
