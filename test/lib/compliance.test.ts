import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { RevealRelayStack } from '../../lib/reveal-relay-stack.ts';

describe('compliance', () => {
  it('has no finding of AwsSolutions that is not acknowledged where it arises', () => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'reveal-relay-')) });
    new RevealRelayStack(app, 'RevealRelay');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
