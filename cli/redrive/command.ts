import type { CommandContext } from '../command-context.ts';
import { plain } from '../plain-text.ts';
import { refuseUsage, UsageError } from '../usage-error.ts';
import { type AwsOptions, DeadLetterQueue, UnreadableQueueError } from './dead-letter-queue.ts';
import { type RedriveChoices, type Redriven, redriveLetters } from './redrive.ts';
import { readRedriveArguments, redriveUsage } from './redrive-arguments.ts';

export interface RedriveContext extends CommandContext {
  /** Where AWS is, and who asks. @default - what the environment and the profile say */
  readonly aws?: AwsOptions;
}

/**
 * `npm run redrive`: goes once through the dead letters.
 *
 * @returns the exit code: 0 fine, 1 a letter could not be dealt with or the queue could not be read, 2 wrong usage, 130 interrupted
 */
export async function redrive(context: RedriveContext): Promise<number> {
  const { given, environment, stdout, stderr, aws, interrupted } = context;
  let deadLetters: DeadLetterQueue | undefined;
  try {
    const wanted = await readRedriveArguments(given, environment);
    if (wanted.help) {
      stdout.write(redriveUsage);
      return 0;
    }
    deadLetters = new DeadLetterQueue(wanted.relay, aws);
    const onLetter = (line: string) => stdout.write(`${plain(line).slice(0, 400)}\n`);
    const redriven = await redriveLetters({ deadLetters, choices: wanted.choices, onLetter, interrupted });
    stdout.write(`${totalsOf(redriven, wanted.choices)}\n`);
    for (const hint of hintsFor(redriven, wanted.choices)) stderr.write(`${hint}\n`);
    if (interrupted.aborted) return 130;
    return redriven.failed > 0 ? 1 : 0;
  } catch (error) {
    if (error instanceof UsageError) return refuseUsage(error, redriveUsage, stderr);
    if (!(error instanceof UnreadableQueueError)) throw error;
    stderr.write(`${plain(error.message)}\n`);
    return 1;
  } finally {
    deadLetters?.close();
  }
}

function totalsOf({ sent, dropped, left, failed }: Redriven, { dryRun }: RedriveChoices): string {
  const letters = sent + dropped + left + failed;
  const would = dryRun ? 'would be ' : '';
  const counts = [`${sent} ${would}sent again`, `${dropped} ${would}dropped`, `${left} left`, `${failed} failed`];
  return `${letters} ${letters === 1 ? 'letter' : 'letters'}: ${counts.join(', ')}`;
}

function hintsFor({ left, hidden, limitReached }: Redriven, { dropRejected, dropHealed }: RedriveChoices): string[] {
  return [
    ...(limitReached ? ['There may be more: run it again, or give a higher --limit.'] : []),
    ...(left > 0 && !(dropRejected && dropHealed)
      ? ['--drop-rejected deletes what its senders have to correct, --drop-healed what the sweeper sees to.']
      : []),
    ...(hidden > 0 ? [`${hidden} could not be given back: they are in the queue again within 15 minutes.`] : []),
  ];
}
