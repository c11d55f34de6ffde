import { FolderLockedError } from '../../local/data/folder-lock.ts';
import { AssemblyError } from '../../local/template/assembly.ts';
import { TemplateError } from '../../local/template/template.ts';
import { plain } from '../plain-text.ts';
import { refuseUsage, UsageError } from '../usage-error.ts';
import { agreed } from './agreement.ts';
import type { EmbeddedContext } from './embedded-context.ts';
import { type Played, playReveal } from './play-reveal.ts';
import { describeReport } from './report.ts';
import { readStartArguments, type StartArguments, startUsage } from './start-arguments.ts';

/**
 * `npm start`: one reveal through the whole relay.
 *
 * @returns the exit code: 0 revealed, 1 not revealed (or the relay could not be started), 2 wrong usage, 130 interrupted
 */
export async function start(context: EmbeddedContext): Promise<number> {
  const { given, environment, stdout, stderr, ask } = context;
  let wanted: StartArguments;
  try {
    wanted = readStartArguments(given, environment);
    if (wanted.help) {
      stdout.write(startUsage);
      return 0;
    }
    if (!(await agreed(wanted, ask))) {
      stderr.write('Nothing was started, and nothing charged.\n');
      return 1;
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return refuseUsage(error, startUsage, stderr);
  }
  const screen = wanted.json ? stderr : stdout;
  const color = screen.isTTY === true && !environment.NO_COLOR;
  const played = await playReveal(wanted, screen, context).catch((error: unknown): Played | Error => {
    // Ctrl-C ends the CDK app as well, which then fails.
    if (context.interrupted.aborted) return { kind: 'interrupted' };
    const known = [AssemblyError, FolderLockedError, TemplateError].find((kind) => error instanceof kind);
    if (known) return error as Error;
    throw error;
  });
  if (played instanceof Error) {
    stderr.write(`${played.message}\n`);
    return 1;
  }
  const isRemote = wanted.vendor.kind === 'address';
  if (played.kind === 'interrupted') {
    screen.write('Stopped looking. What the vendor has begun goes on there.\n');
    if (isRemote && played.startedTaskId !== undefined) screen.write(lookAgain(played.startedTaskId));
    return 130;
  }
  const { report, frame } = played;
  if (wanted.json) stdout.write(`${JSON.stringify(report)}\n`);
  else stdout.write(`\n${describeReport(report, { ...frame, color })}`);
  const isRevealed = report.outcome === 'completed';
  if (!isRevealed && isRemote && report.record?.startedAt !== undefined) screen.write(lookAgain(`${report.taskId}`));
  return isRevealed ? 0 : 1;
}

/** A task outlives the relay that has paid for it. */
function lookAgain(taskId: string): string {
  return `The task is paid for: look at it again with npm start -- --task-id '${plain(taskId)}'\n`;
}
