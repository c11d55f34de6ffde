import { ownContext } from '../cli/command-context.ts';
import { redrive } from '../cli/redrive/command.ts';

process.exitCode = await redrive(ownContext());
