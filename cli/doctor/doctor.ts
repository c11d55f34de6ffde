import { FiberAccount } from '../../lambdas/fiber/fiber-account.ts';
import type { CommandContext } from '../command-context.ts';
import { plain } from '../plain-text.ts';
import { refuseUsage, UsageError } from '../usage-error.ts';
import { proxyVariables } from '../vendor-choice.ts';
import { doctorUsage, readDoctorArguments } from './doctor-arguments.ts';
import { examine } from './examination.ts';
import type { Finding } from './finding.ts';
import { findRelay, type KeySource, type RelayUnderTest } from './relay-under-test.ts';
import type { AwsOptions } from './secret-key.ts';

export interface DoctorContext extends CommandContext {
  /** Where AWS is, and who asks. @default - what the environment and the profile say */
  readonly aws?: AwsOptions;
}

/**
 * `npm run reveal -- doctor`: compares an account with what a relay is set to.
 *
 * @returns the exit code: 0 all is well, 1 there is something to change, 2 wrong usage
 */
export async function doctor(context: DoctorContext): Promise<number> {
  const { given, environment, stdout, stderr } = context;
  try {
    const wanted = readDoctorArguments(given, environment);
    if (wanted.help) {
      stdout.write(doctorUsage);
      return 0;
    }
    const relay = await findRelay(wanted.outputs, environment);
    const findings = await lookAt(relay, context);
    if (wanted.json) stdout.write(`${JSON.stringify({ relay: relay.name, vendor: relay.baseUrl, findings })}\n`);
    else stdout.write(describe(relay, findings));
    return Number(findings.some(({ kind }) => kind === 'change'));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return refuseUsage(error, doctorUsage, stderr);
  }
}

async function lookAt(
  { settings, baseUrl, key }: RelayUnderTest,
  { environment, aws }: Pick<DoctorContext, 'environment' | 'aws'>,
): Promise<Finding[]> {
  const apiKey = await readKey(key, aws);
  if (typeof apiKey !== 'string') return [apiKey];
  const account = new FiberAccount({ baseUrl, now: Date.now, proxyEnvironment: proxyVariables(environment) });
  const [limits, credits] = await Promise.all([account.limits(apiKey), account.credits(apiKey)]);
  const replaceKey =
    key.kind === 'secret' ? 'Put a live key into the secret (output FillApiKeyWith)' : `Give a live key in ${key.from}`;
  return examine({ settings, limits, credits, baseUrl, replaceKey, looksLikeSandbox: apiKey.startsWith('sk_test_') });
}

/** @returns the key, or what to do for there to be one */
async function readKey(key: KeySource, aws: AwsOptions | undefined): Promise<string | Finding> {
  if (key.kind === 'given') return key.apiKey;
  const { arn } = key;
  // Loaded only to read a secret: it takes longer than the questions.
  const { keyInSecret } = await import('./secret-key.ts');
  try {
    const missing = `Put the key into the secret (output FillApiKeyWith), or let yourself read it (secretsmanager:GetSecretValue), or set FIBER_API_KEY: there is none to be read in ${arn}.`;
    return (await keyInSecret(arn, aws)) ?? { subject: 'key', kind: 'change', text: missing };
  } catch (error) {
    const text = `Log in to AWS, set AWS_PROFILE, or set FIBER_API_KEY: ${arn} could not be read. ${(error as Error).message}`;
    return { subject: 'key', kind: 'change', text };
  }
}

const marks = { fine: 'ok', note: 'note', change: 'change' } as const;

function describe({ name, baseUrl }: RelayUnderTest, findings: readonly Finding[]): string {
  const changes = findings.filter(({ kind }) => kind === 'change').length;
  const lines = [
    `The account at ${baseUrl}, compared with ${name}`,
    ...findings.map(({ subject, kind, text }) => `  ${marks[kind].padEnd(7)} ${subject.padEnd(8)} ${text}`),
    changes === 0 ? 'Nothing to change.' : `${changes} ${changes === 1 ? 'thing' : 'things'} to change.`,
  ];
  return `${lines.map(plain).join('\n')}\n`;
}
