import { beforeAll, describe, expect, it } from 'vitest';
import { Deployed } from '../../support/deployed.ts';

let deployed: Deployed;
beforeAll(async () => {
  deployed = await Deployed.read();
});

describe('the API key', () => {
  it('starts as an empty secret: no generated password that looks like a key', () => {
    expect(deployed.only('AWS::SecretsManager::Secret').Properties).toEqual({
      Description: 'Fiber AI API key for reveal-relay',
    });
  });
});

describe('what a failed first deployment leaves behind', () => {
  it('is no secret in the way of the next one, though a used one outlives the stack', () => {
    expect(deployed.only('AWS::SecretsManager::Secret')).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });
});
