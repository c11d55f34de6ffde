import { bundleHandlers } from '../build/bundle.ts';
import { buildEntries } from '../build/package.ts';

await bundleHandlers();
await buildEntries();
