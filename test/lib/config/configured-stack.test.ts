import { writeFile } from 'node:fs/promises';
import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { embeddedContext, envNames } from '../../../lambdas/contract.ts';
import { ConfigError } from '../../../lib/config/config-error.ts';
import { configuredStack } from '../../../lib/config/configured-stack.ts';
import { RevealRelayStack } from '../../../lib/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const nobody = {};
const somebody = { CDK_DEFAULT_ACCOUNT: '111122223333', CDK_DEFAULT_REGION: 'eu-west-1' };

async function folderWith(file?: unknown): Promise<string> {
  const folder = await temporaryFolder();
  if (file !== undefined) await writeFile(`${folder}/relay.config.json`, JSON.stringify(file));
  return folder;
}

const configured = async (context: Record<string, unknown>, file?: unknown, environment: object = nobody) =>
  configuredStack(new App({ context }), { folder: await folderWith(file), environment: { ...environment } });

describe('the stack that cdk deploy ships', () => {
  it('is RevealRelayStack where nobody says anything', async () => {
    const { stack } = await configured({});
    expect(stack.stackName).toBe('RevealRelay');
    const { Description, ...shipped } = Template.fromStack(stack).toJSON();
    expect(shipped).toEqual(Template.fromStack(new RevealRelayStack(new App(), 'RevealRelay')).toJSON());
    expect(Description).toMatch(/^reveal-relay: /);
  });

  it('is another one for a stage, set to what -c says', async () => {
    const { stack, relay } = await configured({ stage: 'dev', retentionDays: '90' });
    expect(stack.stackName).toBe('RevealRelay-dev');
    expect(relay.settings.retentionDays).toBe(90);
    const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
    const retentions = Object.values(functions).map(
      ({ Properties }) => Properties.Environment?.Variables?.[envNames.retentionDays],
    );
    expect(new Set(retentions.filter(Boolean))).toEqual(new Set(['90']));
  });

  it('is set to what relay.config.json says for the stage', async () => {
    const file = { keyShare: 0.5, region: 'eu-west-1', stages: { prod: { keyShare: 0.8, region: 'eu-central-1' } } };
    const { stack, relay } = await configured({ stage: 'prod' }, file, somebody);
    expect(relay.settings.keyShare).toBe(0.8);
    expect([stack.account, stack.region]).toEqual(['111122223333', 'eu-central-1']);
  });

  it('may have its settings in another file', async () => {
    const configFile = `${await folderWith({ keyShare: 0.5 })}/relay.config.json`;
    const { relay } = await configured({ configFile }, { keyShare: 0.1 });
    expect(relay.settings.keyShare).toBe(0.5);
    await expect(configured({ configFile: 'nowhere.json' })).rejects.toThrow('nowhere.json cannot be read');
  });

  it.each<[string, object, Record<string, unknown>, [string, string]]>([
    ['whoever is logged in', somebody, {}, ['111122223333', 'eu-west-1']],
    ['the usual region of an account without one', { CDK_DEFAULT_ACCOUNT: '1' }, {}, ['1', 'us-east-1']],
    ['what is given', somebody, { account: '444455556666', region: 'eu-north-1' }, ['444455556666', 'eu-north-1']],
  ])('goes to the account and region of %s', async (_, environment, context, expected) => {
    const { stack } = await configured(context, undefined, environment);
    expect([stack.account, stack.region]).toEqual(expected);
  });

  it('is for any account and region where nobody is logged in', async () => {
    const { stack } = await configured({});
    expect(stack.environment).toBe('aws://unknown-account/unknown-region');
  });

  it('says of context that means nothing to it that it does nothing', async () => {
    const { stack } = await configured({ hostedZone: 'example.com' });
    Annotations.fromStack(stack).hasWarning('/RevealRelay', Match.stringLikeRegexp('hostedZone, which is no setting'));
  });

  it('is refused in a line where the construct refuses what is given', async () => {
    const refused = configured({ table: 'Kept', removalPolicy: 'destroy' });
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow('removalPolicy is destroy, and table is one that the relay has not made');
    await expect(configured({ vpcId: 'vpc-0a' })).rejects.toThrow('vpcId is looked up in its account');
  });

  it('leaves out on a laptop what is in AWS, and keeps the rest', async () => {
    const file = {
      table: 'Kept',
      eventBus: 'central',
      apiKeySecret: 'key',
      account: '111122223333',
      pollsPerMinute: 60,
      webhooks: [{ url: 'https://crm.example.com/' }],
    };
    const { stack, relay } = await configured({ [embeddedContext]: true, stage: 'dev' }, { stackName: 'X', ...file });
    expect(stack.stackName).toBe('RevealRelay');
    expect(relay.settings.pollsPerMinute).toBe(60);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    template.resourceCountIs('AWS::Events::EventBus', 1);
    template.resourceCountIs('AWS::DynamoDB::GlobalTable', 2);
  });

  it('tells on a laptop no receiver of webhooks but the one that its command names', async () => {
    const receiver = (host: string) => [{ url: `https://${host}.example.com/` }];
    const { stack } = await configured(
      { [embeddedContext]: true, webhooks: JSON.stringify(receiver('laptop')) },
      { webhooks: receiver('crm') },
    );
    const { Outputs } = Template.fromStack(stack).toJSON();
    expect(JSON.stringify(Outputs.Webhooks)).toContain('laptop.example.com');
    expect(JSON.stringify(Outputs.Webhooks)).not.toContain('crm.example.com');
  });
});
