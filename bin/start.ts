import { start } from '../local/cli/start.ts';
import { ownSurroundings } from '../local/cli/surroundings.ts';

process.exitCode = await start(ownSurroundings());
