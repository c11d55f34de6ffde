import { writeFile } from 'node:fs/promises';
import { outputNames } from '../../lambdas/contract.ts';
import { StandInFiber, seededRandom } from '../../local/fiber/index.ts';
import { EmbeddedRelay } from '../../local/relay.ts';
import { testAssembly } from '../support/assembly.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Starts a relay in real time, and sets what `npm run smoke:aws` reads. With EMPTY_SECRET=1 nobody has put a key in. */
export default async function startEmbeddedRelay(): Promise<() => Promise<void>> {
  const apiKey = 'test-key-3f9c';
  const fiber = await StandInFiber.listen({ apiKey, now: Date.now, random: seededRandom(1) });
  const relay = await EmbeddedRelay.start({
    assembly: await testAssembly(),
    fiberBaseUrl: fiber.url,
    httpPort: 0,
    ...(process.env.EMPTY_SECRET ? {} : { apiKey }),
  });
  const outputs = { ...relay.outputs, [outputNames.api]: relay.deployment.httpUrl };
  const file = `${await temporaryFolder()}/outputs.json`;
  await writeFile(file, JSON.stringify({ RevealRelay: outputs }));
  Object.assign(process.env, {
    RELAY_OUTPUTS: file,
    AWS_ENDPOINT_URL: relay.deployment.endpointUrl,
    AWS_ENDPOINT_URL_DYNAMODB: relay.deployment.tables.url,
    AWS_ACCESS_KEY_ID: 'embedded',
    AWS_SECRET_ACCESS_KEY: 'embedded',
  });
  return async () => {
    await relay.close();
    await fiber.close();
  };
}
