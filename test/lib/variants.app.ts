/** Every variant in one app: what test/lib/compliance.test.ts has `cdk synth` synthesise. */

import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { variants } from './variants.ts';

const app = new App();
for (const add of Object.values(variants)) add(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
