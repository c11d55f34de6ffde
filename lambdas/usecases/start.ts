import type { Executions } from '../aws/executions.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import type { RevealRecord } from '../reveal/record.ts';
import type { RevealRequest } from '../reveal/request.ts';
import { claimReveal } from './claim.ts';

export interface Admitted {
  record: RevealRecord;
  /** Whether this caller's claim is the one that holds; else it has attached to another's. */
  isNew: boolean;
}

/** The way into the relay for a caller who does not start the execution: claims the reveal, and starts it. */
export class Door {
  readonly #reveals: RevealsTable;
  readonly #executions: Executions;
  readonly #now: () => number;

  constructor(parts: { reveals: RevealsTable; executions: Executions; now: () => number }) {
    this.#reveals = parts.reveals;
    this.#executions = parts.executions;
    this.#now = parts.now;
  }

  /**
   * Safe to repeat: the same task again attaches, and the execution is started again as long as nobody knows that it was. The
   * claimant may have died between claim and start.
   *
   * @param claimedBy names this very request, and its repetitions
   * @throws RelayFault; ask again then, the claim holds
   */
  async enter(request: RevealRequest, claimedBy: string): Promise<Admitted> {
    const admitted = await claimReveal(
      request,
      { claimedBy, executionArnFor: (reveal) => this.#executions.arnFor(reveal) },
      { reveals: this.#reveals, now: this.#now },
    );
    if (this.#isNotKnownToRun(admitted.record)) await this.#executions.start(admitted.record);
    return admitted;
  }

  /** `Admit` notes when it will look first. A reveal that was started directly has another execution, and needs none of ours. */
  #isNotKnownToRun(record: RevealRecord): boolean {
    const { status, nextPollAt, executionArn } = record;
    return status === 'running' && nextPollAt === undefined && executionArn === this.#executions.arnFor(record);
  }
}
