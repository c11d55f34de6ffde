import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { ConfigError } from '../lib/config/config-error.ts';
import { configuredStack } from '../lib/config/configured-stack.ts';

try {
  configuredStack(new App(), { folder: fileURLToPath(new URL('..', import.meta.url)), environment: process.env });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // What to correct is not in this code: the lines alone, without where it was noticed.
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
