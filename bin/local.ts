import { serve } from '../cli/serve.ts';
import { ownSurroundings } from '../cli/surroundings.ts';

process.exitCode = await serve(ownSurroundings());
