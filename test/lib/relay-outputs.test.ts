import { beforeAll, describe, expect, it } from 'vitest';
import { outputNames } from '../../lambdas/contract.ts';
import { Deployed } from '../support/deployed.ts';

let deployed: Deployed;
beforeAll(async () => {
  deployed = await Deployed.read();
});

describe('the output on the API key', () => {
  it('is a command that fills it, and that leaves it neither in the history of the shell nor in the list of processes', () => {
    const command = JSON.stringify(deployed.output(outputNames.fillApiKey));
    expect(command).toMatch(
      /read -rs KEY && printf %s .*"\$KEY.*\| aws secretsmanager put-secret-value .*file:\/\/\/dev\/stdin/,
    );
    expect(command).not.toMatch(/--secret-string (?!file:)/);
  });
});

it('tell what the relay is set to, and no more than the account is compared with', () => {
  expect(JSON.parse(String(deployed.output(outputNames.settings)))).toEqual({
    pollsPerMinute: 240,
    startsPerMinute: 120,
    keyShare: 1,
    fiberBaseUrl: 'https://api.fiber.ai',
  });
});
