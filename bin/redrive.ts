import { redrive } from '../local/cli/redrive.ts';
import { ownSurroundings } from '../local/cli/surroundings.ts';

process.exitCode = await redrive(ownSurroundings());
