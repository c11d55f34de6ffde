import { App } from 'aws-cdk-lib';
import { RevealRelayStack, type WebhookOptions } from '../../lib/index.ts';
import { type Assembly, readAssembly } from '../../local/template/assembly.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What leads from the template back to the code of the functions, and to their names. */
const context = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };

/** The relay with these receivers of webhooks, as `cdk deploy` would ship it. */
export async function assemblyWith(webhooks: readonly WebhookOptions[]): Promise<Assembly> {
  const outdir = await temporaryFolder();
  const app = new App({ outdir, context });
  new RevealRelayStack(app, 'RevealRelay', { relay: { webhooks } });
  app.synth();
  return readAssembly(outdir);
}
