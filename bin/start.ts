import { ownContext } from '../cli/command-context.ts';
import { askOn } from '../cli/embedded/question.ts';
import { start } from '../cli/embedded/start.ts';

const { stdin, stderr } = process;
process.exitCode = await start({
  ...ownContext(),
  // Off a terminal there is nobody who could agree to the cost.
  ...(stdin.isTTY && stderr.isTTY && { ask: askOn(stdin, stderr) }),
});
