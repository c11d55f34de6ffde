import { start } from '../cli/start.ts';
import { ownSurroundings } from '../cli/surroundings.ts';

process.exitCode = await start(ownSurroundings());
