import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

export const doctorUsage = `Usage: npm run reveal -- doctor [options]

Asks the vendor what the account may do, has left and pays, and compares it with what the relay is set to. Asking is free.

  --outputs FILE   which relay: what \`npx cdk deploy --outputs-file FILE\` wrote, or outputs.json in the folder of
                   \`npm run local\` (default: RELAY_OUTPUTS; without it, the defaults of this version are compared)
  --json           print what was found as one JSON object
  --help           print this

  FIBER_API_KEY    the key of the account. Without it the key is read from the secret of the deployed relay, with the usual
                   AWS credentials: they need secretsmanager:GetSecretValue on it
  FIBER_BASE_URL   ask this address, where no relay is given

Exit codes: 0 all is well, 1 there is something to change, 2 wrong usage.
`;

/** What `npm run reveal -- doctor` was asked to do. */
export type DoctorArguments =
  | { readonly help: true }
  | { readonly help: false; readonly outputs: string | undefined; readonly json: boolean };

/**
 * Reads the command line behind `doctor`.
 *
 * @throws UsageError saying what is wrong and what to give instead
 */
export function readDoctorArguments(
  given: readonly string[],
  { RELAY_OUTPUTS }: Readonly<Record<string, string | undefined>>,
): DoctorArguments {
  const { help, outputs, json } = parse(given);
  if (help) return { help };
  if (outputs === '') throw new UsageError('--outputs is empty: give the file that `cdk deploy --outputs-file` wrote.');
  return { help: false, outputs: outputs ?? (RELAY_OUTPUTS || undefined), json };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        outputs: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
