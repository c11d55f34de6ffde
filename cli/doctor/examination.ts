import type { AccountCredits, AccountLimits } from '../../lambdas/fiber/account.ts';
import type { AccountAnswer } from '../../lambdas/fiber/fiber-account.ts';
import type { Finding, RelaySettings } from './finding.ts';
import { limitFindings } from './limits.ts';
import { capFinding, creditFinding, priceFindings } from './money.ts';

export interface Examined {
  readonly settings: RelaySettings;
  readonly limits: AccountAnswer<AccountLimits>;
  readonly credits: AccountAnswer<AccountCredits>;
  /** Where the vendor was asked. */
  readonly baseUrl: string;
  /** Whether the key looks like one of the vendor's sandbox. */
  readonly looksLikeSandbox: boolean;
  /** What to do about a key that is no good. */
  readonly replaceKey: string;
}

/** Everything that there is to say, in the order in which it is to be read. */
export function examine(examined: Examined): Finding[] {
  const { settings, limits, credits } = examined;
  const found = [
    ...keyFindings(examined),
    ...(limits.kind === 'read' ? limitFindings(limits.value, settings) : unread(limits, 'the limits', examined)),
    ...(credits.kind === 'read' ? [creditFinding(credits.value, settings)] : unread(credits, 'the credits', examined)),
    capFinding(settings),
    ...(credits.kind === 'read' ? priceFindings(credits.value) : []),
  ];
  // Both questions may have met the same trouble.
  return found.filter(({ text }, at) => found.findIndex((other) => other.text === text) === at);
}

function keyFindings({ limits, credits, looksLikeSandbox, replaceKey }: Examined): Finding[] {
  const subject = 'key';
  const answers = [limits, credits];
  const refusal = answers.find((answer) => answer.kind === 'key-refused');
  if (refusal) {
    const status = refusal.httpStatus === undefined ? '' : ` (status ${refusal.httpStatus})`;
    return [{ subject, kind: 'change', text: `${replaceKey}: the vendor refuses this key${status}.` }];
  }
  const isSandbox = answers.some((answer) => answer.kind === 'sandbox' || (answer.kind === 'read' && answer.isSandbox));
  if (isSandbox || looksLikeSandbox) {
    const text = `${replaceKey}: this is a sandbox key, with which nothing is charged and no reveal is played.`;
    return [{ subject, kind: 'change', text }];
  }
  return answers.some(({ kind }) => kind === 'read')
    ? [{ subject, kind: 'fine', text: 'The vendor takes it, and it is no sandbox key.' }]
    : [];
}

type Unread = Exclude<AccountAnswer<unknown>, { kind: 'read' }>;

/** What to do where the vendor has not said what it was asked. */
function unread(answer: Unread, what: string, { baseUrl }: Examined): Finding[] {
  const subject = 'vendor';
  switch (answer.kind) {
    case 'key-refused':
    case 'sandbox':
      return [];
    case 'rate-limited': {
      const seconds = Math.ceil((answer.retryAfterMs ?? 60_000) / 1_000);
      const text = `Wait ${seconds} s and run this again: the vendor answers no more questions about the account for now.`;
      return [{ subject, kind: 'change', text }];
    }
    case 'unusable': {
      const { problem, httpStatus } = answer;
      if (problem === 'no-connection' || problem === 'timed-out') {
        const text = `Check the network and the address: ${baseUrl} does not answer (${problem}).`;
        return [{ subject, kind: 'change', text }];
      }
      const why = httpStatus === undefined ? problem : `${problem}, status ${httpStatus}`;
      return [{ subject, kind: 'change', text: `Run this again later: ${what} could not be read (${why}).` }];
    }
    default:
      return answer satisfies never;
  }
}
