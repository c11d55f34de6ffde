import { redrive } from '../cli/redrive/command.ts';
import { ownSurroundings } from '../cli/surroundings.ts';

process.exitCode = await redrive(ownSurroundings());
