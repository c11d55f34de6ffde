import { bundleHandlers } from '../build/bundle.ts';

await bundleHandlers();
