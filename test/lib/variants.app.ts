/** Every variant in one app: CI has `cdk synth` synthesise it, as test/lib/compliance.test.ts does without the command line. */

import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { variants } from './variants.ts';

const app = new App();
for (const add of Object.values(variants)) add(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
