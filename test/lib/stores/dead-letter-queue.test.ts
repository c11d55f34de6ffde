import { beforeAll, describe, expect, it } from 'vitest';
import { Deployed } from '../../support/deployed.ts';

let deployed: Deployed;
beforeAll(async () => {
  deployed = await Deployed.read();
});

describe('the dead-letter queue', () => {
  it('takes letters as large as events may be', () => {
    expect(deployed.only('AWS::SQS::Queue').Properties.MaximumMessageSize).toBe(1_048_576);
  });
});
