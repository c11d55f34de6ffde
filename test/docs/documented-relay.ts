import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { outputNames, relayItemKey } from '../../lambdas/contract.ts';
import { saltBytes } from '../../lambdas/reveal/person/person-id.ts';
import type { DeploymentOptions } from '../../local/deployment.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

/** A relay that says the same in each run, as far as that goes. */
export interface DocumentedRelay extends TestRelay {
  /** Lets relay time pass: as far as the first thing that happens after these seconds. */
  pass(seconds: number): Promise<void>;
}

/** Its time begins at the same noon, people have the same ids, and an ordinary task takes 100 seconds. */
export async function startDocumentedRelay(through?: DeploymentOptions['through']): Promise<DocumentedRelay> {
  const test = await startTestRelay({
    httpPort: 0,
    fiber: { ordinaryDuration: () => 100_000 },
    startsAt: Date.parse('2026-11-27T12:00:00Z'),
    ...(through && { through }),
  });
  const table = String(test.relay.outputs[outputNames.revealsTable]);
  await test.relay.tables.send(
    new UpdateCommand({
      TableName: table,
      Key: relayItemKey,
      UpdateExpression: 'SET salt = :salt, startsIn = :table',
      ExpressionAttributeValues: { ':salt': Buffer.alloc(saltBytes, 'docs/api.md'), ':table': table },
    }),
  );
  const pass = async (seconds: number) => {
    const until = test.clock.now() + seconds * 1_000;
    const passed = async () => {
      while (test.clock.now() < until) await sleep(2);
    };
    await test.relay.deployment.fastForward?.during(passed());
  };
  return { ...test, pass };
}
