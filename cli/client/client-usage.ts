import { listPrices } from '../../lambdas/contract.ts';

const most = Math.max(...listPrices.map(({ credits }) => credits));
const prices = listPrices.map(({ find, credits }) => `      ${String(credits).padStart(2)}  ${find.join(',')}`);

export const clientUsage = `Usage: npm run reveal -- COMMAND [options]

A client of the HTTP API, for the relay of \`npm run local\` or for a deployed one.

  start TASK_ID…   start a reveal, or attach to it; several are sent as one batch, of at most 1,000
  start --profile URL    the same for a person, in any spelling of the profile; may be given several times.
                   The relay starts the task, which costs credits, unless there is a result that is young enough
    --find KINDS     what to look for (default: everything); the vendor's list price in credits of each
${prices.join('\n')}
      other bundles have no price of their own, and cost ${most} at the most
    --max-age DAYS   the oldest result to be content with, 0 to 180 (default: 30); 0 needs --key
    --if-missing start    for kinds that a stored result was not asked for, start them alone; costs their price
    --key KEY        your own name for this request: the same key asks for the same new result
    --max-credits N  what the starts of a batch may cost together; needs --key
    --priority P     interactive (default for one) or bulk (default for several)
    --reference R    your own name for it, handed on in events; for one reveal only
    --list NAME      put them into a list, whether they are new or there already
  get ID           show a reveal, with its result
    --include lowQualityEmails    also the e-mail addresses that failed the vendor's validation
  list             list reveals, newest first, without contact data
    --status S       running, completed, failed, timed-out, cancelled or errored
    --since T        those that were started since, such as 2026-11-23T12:00:00Z
    --limit N        at most so many, 1 to 100 (default: 25)
    --all            all of them, page after page
  lists NAME       how the reveals of a list stand, what they have cost, and roughly how long the rest takes
  lists NAME results    all of them in the order of the list, with their results; with --json a line each
    --include lowQualityEmails    also the e-mail addresses that failed the vendor's validation
  lists NAME cancel     stop looking for all that run
  lists NAME resume     start over those that ended without a result, as far as that costs nothing
    --start-tasks         also where a task must be started for it, which costs credits
  lists NAME erase      erase the contact data of all of them for good
  watch ID         show how it goes until it has ended
  cancel ID…       stop looking; - reads the ids from stdin, one a line, here and in resume and erase
  resume ID…       start them over, if they ended without a result; a task that is known is gone on with
    --task-id ID     after start-unknown: go on with this task of the vendor's; costs nothing more
    --start-again    after start-unknown: start another task; at the worst it is paid for twice
  reread ID        read the vendor's answer again, after an update of the relay that reads more
  erase ID…        erase their contact data for good; cancels those that are running
  doctor           compare the vendor's account with what the relay is set to, see doctor --help
  erase --profile URL    the same by the person
  csv FILE --out FILE    reveal everybody in a list and write it with what was found, see csv --help
  starts           whether tasks are started, and what they have cost today
  starts pause     put on the brake: nothing is paid for any more
  starts go        let go of it

  --url URL        where the API is (default: REVEAL_RELAY_URL, or http://127.0.0.1:8787). Requests to
                   *.execute-api.*.amazonaws.com are signed with the usual AWS credentials
  --token T        send this bearer token in place of a signature (default: REVEAL_RELAY_TOKEN)
  --json           print what the API answers as one JSON document; for several ids the answer to each
  --help           print this

Exit codes: 0 fine, 1 the API said no (for watch: not completed), 2 wrong usage. A reveal that has completed
and found nothing is fine.
`;
