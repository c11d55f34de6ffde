export const csvUsage = `Usage: npm run reveal -- csv FILE --out FILE [options]

Reveals everybody in a list and writes the list again, with what was found.

  FILE             CSV, or JSON Lines (.jsonl, .ndjson), .gz of either, or - for standard input and output
  --out FILE       where the result goes: the rows in their order, with the columns status, reason,
                   work_emails, personal_emails, other_emails, phones, credits and reveal_id
  --column NAME    the column that holds the profiles, or the ids of tasks (default: found out)
  --kind K         what it holds: profile or task (default: found out)
  --format F       csv, tsv or jsonl, for a file whose name does not say it (default: csv)
  --low-quality    adds low_quality_emails: addresses that failed the vendor's validation
  --no-guard       leave cells as they are that a spreadsheet would take for formulas
  --yes            ask nothing
  --force          write over a file that is there; leave an earlier run that was interrupted

  --find KINDS     what to look for, such as work-emails,phone-numbers (default: everything)
  --max-age DAYS   the oldest result to be content with, 0 to 180 (default: 30)
  --if-missing start    for kinds that a stored result was not asked for, start them alone
  --max-credits N  what this list may cost
  --key KEY        your own name for this list: the same key asks for the same new results
  --priority P     interactive or bulk (default: bulk)

  --url URL        where the API is (default: REVEAL_RELAY_URL, or http://127.0.0.1:8787)
  --token T        send this bearer token in place of a signature (default: REVEAL_RELAY_TOKEN)
  --help           print this

Interrupted at any moment, the same command goes on where it was and pays for nothing twice.
Exit codes: 0 the file is there, 1 the API said no or could not be reached, 2 wrong usage or a file that
cannot be worked with, 130 interrupted. Rows that came to nothing say so in the file.
`;
