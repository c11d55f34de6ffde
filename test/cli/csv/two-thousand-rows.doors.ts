/** `npm run test:batch`: a long list, by the command itself, which is killed twice on the way. It takes longer than belongs into `npm test`. */
import { spawn } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import type { PaidTask } from '../../../local/fiber/index.ts';
import { startTestRelay } from '../../support/relay.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
/** Finite: waits are skipped altogether only while somebody in this process waits, and the command is a process of its own. Higher gains nothing, as work takes its time. */
const speed = Number(process.env.SPEED ?? 100);
/** `ROWS=200 npm run test:batch -- two-thousand` has a shorter list. Its time is that of the work. */
const rows = Number(process.env.ROWS ?? 2_000);
const repeated = rows / 100;
/** The command is killed when so many have been paid for. */
const kills = [rows / 20, rows / 2];

/** Who a row is about: every hundredth is somebody who was there before. */
const slugOf = (row: number) => `person-${row % 100 === 99 ? row - 50 : row}`;

it(`reveals ${rows} rows within the limits, killed twice: one charge each, the file complete and in order`, {
  timeout: 7_200_000,
}, async () => {
  const paid: PaidTask[] = [];
  let [requests, next] = [0, 0];
  let kill = () => {};
  await using test = await startTestRelay({
    httpPort: 0,
    speed,
    onHttp: () => {
      requests += 1;
    },
    fiber: {
      onCharge: (task) => {
        if (paid.push(task) !== kills[next]) return;
        next += 1;
        kill();
      },
    },
  });
  const folder = await temporaryFolder();
  const [path, out] = [join(folder, 'people.csv'), join(folder, 'contacts.csv')];
  const people = Array.from({ length: rows }, (_, row) => `${row},https://www.linkedin.com/in/${slugOf(row)}\n`);
  await writeFile(path, `row,profile\n${people.join('')}`);

  /** @returns the exit code, or the signal that has ended it */
  const run = async (): Promise<number | string> => {
    const given = ['--import', 'tsx', 'bin/reveal.ts', 'csv', path, '--out', out, '--yes'];
    const child = spawn(process.execPath, given, {
      cwd: repository,
      env: { ...process.env, REVEAL_RELAY_URL: test.relay.deployment.httpUrl },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    kill = () => child.kill('SIGKILL');
    return new Promise((ended) => child.once('close', (code, signal) => ended(code ?? signal ?? 1)));
  };
  const startedAt = test.clock.now();
  for (const _ of kills) {
    expect(await run()).toBe('SIGKILL');
    expect((await readdir(folder)).sort()).toEqual(['contacts.csv.journal', 'people.csv']);
  }
  expect(await run()).toBe(0);
  const minutes = (test.clock.now() - startedAt) / 60_000;

  const { data } = Papa.parse<Record<string, string>>(await readFile(out, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  expect(data.map(({ row }) => Number(row))).toEqual(Array.from({ length: rows }, (_, row) => row));
  expect(new Set(data.map(({ status }) => status))).toEqual(new Set(['completed']));
  const chargedFor = new Map<string, number>();
  for (const { linkedinUrl } of paid) chargedFor.set(linkedinUrl, (chargedFor.get(linkedinUrl) ?? 0) + 1);
  expect(chargedFor.size).toBe(rows - repeated);
  expect([...chargedFor.values()].every((charges) => charges === 1)).toBe(true);
  expect(data.reduce((sum, { credits }) => sum + Number(credits), 0)).toBe((rows - repeated) * 12);
  for (const [row, { reveal_id, work_emails }] of data.entries()) {
    const of = data[Number(slugOf(row).slice('person-'.length))];
    expect({ reveal_id, work_emails }).toEqual({ reveal_id: of?.reveal_id, work_emails: of?.work_emails });
    expect(work_emails).toContain('@example.com');
  }
  const { rejectedPolls, rejectedStarts, maxPollsInWindow, polls } = test.fiber.stats();
  expect({ rejectedPolls, rejectedStarts }).toEqual({ rejectedPolls: 0, rejectedStarts: 0 });
  expect(maxPollsInWindow).toBeLessThanOrEqual(240);
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  expect((await readdir(folder)).sort()).toEqual(['contacts.csv', 'people.csv']);
  process.stdout.write(
    `${rows} rows: ${paid.length} charges, ${polls} polls, ${requests} requests to the API, ${minutes.toFixed(1)} minutes of relay time\n`,
  );
});
