/** `npm run bench:load`: the whole embedded default in real time, at the vendor's real limits. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../cli/usage-error.ts';
import { StandInFiber, seededRandom } from '../local/fiber/index.ts';
import { EmbeddedRelay } from '../local/relay.ts';
import { synthesise } from '../local/template/assembly.ts';
import { count } from './options.ts';

const help = `Many reveals at once through the whole embedded default, in real time, against the stand-in at the vendor's limits.

  npm run bench:load -- --reveals 300

  --reveals N      how many (1 to 2000, default 300)
  --concurrency N  the account's Lambda concurrency, which new accounts often have at 10 (default: as much as is needed)
  --json           one JSON object on stdout
  --help           this text

A reveal takes 2 to 8 minutes and 300 of them about 9. It stops by itself, and exits with 1 if a poll was rejected, a
reveal was lost (it ended without its result) or an event was not published.
`;

interface Outcome {
  reveals: number;
  /** The account's Lambda concurrency; null: as much as is needed. */
  concurrency: number | null;
  seconds: number;
  polls: number;
  rejected: number;
  mostPollsInAMinute: number;
  stored: number;
  /** Reveals that have ended without their result. */
  lost: number;
  published: number;
}

async function load(reveals: number, concurrency: number | undefined): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'reveal-relay-load-'));
  const apiKey = 'bench-key';
  const fiber = await StandInFiber.listen({ apiKey, random: seededRandom(1) });
  const relay = await EmbeddedRelay.start({
    assembly: await synthesise(folder),
    apiKey,
    fiberBaseUrl: fiber.url,
    concurrency,
  });
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1_000);
  let ended = 0;
  const progress = setInterval(() => {
    const { polls, rejectedPolls } = fiber.stats();
    process.stderr.write(`${seconds()} s: ${ended} of ${reveals} ended, ${polls} polls, ${rejectedPolls} rejected\n`);
  }, 10_000);
  try {
    const records = await Promise.all(
      Array.from({ length: reveals }, async () => {
        const { taskId } = fiber.addTask({ scenario: 'completed' });
        await relay.ended(await relay.startReveal({ taskId }));
        ended += 1;
        return relay.record(taskId);
      }),
    );
    const { polls, rejectedPolls: rejected, maxPollsInWindow: mostPollsInAMinute } = fiber.stats();
    const stored = records.filter((record) => record?.status === 'completed' && record.result).length;
    const ids = relay.events.filter(({ event }) => event['detail-type'] === 'Contact Reveal Completed');
    const published = new Set(ids.map(({ event }) => (event.detail as { eventId: string }).eventId)).size;
    return {
      reveals,
      concurrency: concurrency ?? null,
      seconds: seconds(),
      polls,
      rejected,
      mostPollsInAMinute,
      stored,
      lost: reveals - stored,
      published,
    };
  } finally {
    clearInterval(progress);
    await relay.close();
    await fiber.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function report(outcome: Outcome): string {
  const { reveals, concurrency, seconds, polls, rejected, mostPollsInAMinute, stored, lost, published } = outcome;
  const through = concurrency === null ? '' : ` through a Lambda concurrency of ${concurrency}`;
  return [
    `${reveals} reveals at once${through}, ${seconds} s until the last one ended`,
    `  polls                     ${polls} (${(polls / reveals).toFixed(2)} a reveal)`,
    `  rejected                  ${rejected}`,
    `  most polls in any 60 s    ${mostPollsInAMinute}`,
    `  results stored            ${stored}`,
    `  lost                      ${lost}`,
    `  events published          ${published}`,
  ].join('\n');
}

function optionsFrom(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        reveals: { type: 'string', default: '300' },
        concurrency: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const reveals = Number(values.reveals);
    if (!Number.isInteger(reveals) || reveals < 1 || reveals > 2_000) {
      throw new UsageError('--reveals takes a whole number from 1 to 2000.');
    }
    const concurrency = values.concurrency === undefined ? undefined : count('--concurrency', values.concurrency);
    return { ...values, reveals, concurrency };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

try {
  const options = optionsFrom(process.argv.slice(2));
  if (options.help) process.stdout.write(help);
  else {
    const outcome = await load(options.reveals, options.concurrency);
    process.stdout.write(`${options.json ? JSON.stringify(outcome) : report(outcome)}\n`);
    const held = outcome.rejected === 0 && outcome.lost === 0 && outcome.published === options.reveals;
    process.exitCode = held ? 0 : 1;
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\nRun "npm run bench:load -- --help" for the options.\n`);
  process.exitCode = 2;
}
