import { ownContext } from '../cli/command-context.ts';
import { serve } from '../cli/embedded/serve.ts';

process.exitCode = await serve(ownContext());
