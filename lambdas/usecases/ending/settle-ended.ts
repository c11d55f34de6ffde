import { type ExecutionEnded, endingOfExecution } from '../../reveal/life/ending.ts';
import { checkStartInput } from '../../reveal/request.ts';
import type { Settlement } from './settle.ts';

/**
 * The rule on `Step Functions Execution Status Change`: settles what the workflow could not settle itself, because somebody
 * aborted it, it ran into a limit of Step Functions, or its own settle state failed.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export async function settleEnded(
  { detail: { executionArn, input, status } }: ExecutionEnded,
  settlement: Pick<Settlement, 'settle'>,
): Promise<void> {
  const checked = checkStartInput(parsed(input));
  // Not a reveal: the workflow has refused it, and there is nothing to settle.
  if (!checked.ok) return;
  const { revealId, request } = checked.value;
  await settlement.settle(revealId, executionArn, endingOfExecution(status), request);
}

function parsed(input: string | undefined | null): unknown {
  try {
    return JSON.parse(input ?? '');
  } catch {
    return undefined;
  }
}
