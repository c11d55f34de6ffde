import { findKinds } from '../../lambdas/contract.ts';
import { plain } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';
import { costOf } from './looked-for.ts';
import type { Ask } from './question.ts';
import type { StartArguments } from './start-arguments.ts';

/**
 * Whether a reveal may cost what it will cost. Only a start costs anything, and only away from the stand-in.
 *
 * @param ask absent where nobody can be asked
 * @throws UsageError where nobody has agreed, and nobody can be asked
 */
export async function agreed(
  { vendor, subject, yes }: Extract<StartArguments, { help: false }>,
  ask: Ask | undefined,
): Promise<boolean> {
  if (vendor.kind === 'stand-in' || subject.kind === 'task' || yes) return true;
  const { linkedinUrl, find = findKinds } = subject;
  const cost = costOf(find);
  if (!ask) {
    throw new UsageError(
      `A start at ${vendor.baseUrl} costs ${cost}, and nobody is here to be asked: add --yes to start it all the same.`,
    );
  }
  const answer = await ask(
    `This starts a reveal of ${plain(linkedinUrl)} at ${vendor.baseUrl}, for ${find.join(', ')}.
By list price that costs ${cost}. The relay of this command keeps nothing: the same profile again is paid for again.
Start it? (y/N) `,
  );
  return /^\s*y(es)?\s*$/i.test(answer);
}
