import { bundleHandlers } from '../local/bundle.ts';

await bundleHandlers();
