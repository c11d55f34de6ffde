import { ownContext } from '../cli/command-context.ts';
import { start } from '../cli/embedded/start.ts';

process.exitCode = await start(ownContext());
