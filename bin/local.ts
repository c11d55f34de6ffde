import { serve } from '../local/cli/serve.ts';
import { ownSurroundings } from '../local/cli/surroundings.ts';

process.exitCode = await serve(ownSurroundings());
