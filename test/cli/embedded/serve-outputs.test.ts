import { expect, it } from 'vitest';
import { serve } from '../../../cli/embedded/serve.ts';
import { readStackOutputs } from '../../../cli/stack-outputs.ts';
import { outputNames } from '../../../lambdas/contract.ts';
import { testAssembly } from '../../support/assembly.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('writes its outputs as `cdk deploy` does, with the address at which its API really is', async () => {
  const data = await temporaryFolder();
  const interruption = new AbortController();
  let listening: string | undefined;
  const write = (text: string) => {
    listening ??= /^listening on (\S+)$/m.exec(text)?.[1];
    if (listening) interruption.abort();
  };
  await serve({
    given: ['--port', '0', '--data', data],
    environment: {},
    stdout: { write },
    stderr: { write },
    assembly: await testAssembly(),
    interrupted: interruption.signal,
  });
  const outputs = await readStackOutputs(`${data}/outputs.json`, Object.values(outputNames));
  expect(outputs[outputNames.api]).toBe(listening);
  expect(JSON.parse(outputs[outputNames.settings])).toMatchObject({
    pollsPerMinute: 240,
    fiberBaseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect(outputs[outputNames.deadLetters]).toMatch(/^https:\/\/sqs\./);
});
