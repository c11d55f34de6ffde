import type { Executions } from '../aws/executions.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import type { RevealRecord } from '../reveal/record.ts';
import type { RevealRequest } from '../reveal/request.ts';
import { claimReveal } from './claim.ts';

export type RevealOptions = Omit<RevealRequest, 'taskId'>;

export interface StartRequest extends RevealRequest {
  /**
   * What is to happen if the reveal is there already, and was asked for with other options.
   * @default 'attach'
   */
  ifDifferent?: 'attach' | 'refuse' | undefined;
}

export interface Started {
  /**
   * `started`: this caller's claim is the one that holds. `attached`: to a reveal that is there already. `refused`: it is there
   * with other options, and the caller does not want it then.
   */
  kind: 'started' | 'attached' | 'refused';
  record: RevealRecord;
  /** Which options of a reveal that is there already are not those that this caller asked for. */
  optionsDiffer: ('priority' | 'reference')[];
}

/** Starts reveals for callers who do not start the execution themselves: claims the reveal, then starts its execution. */
export class RevealStarter {
  readonly #reveals: Pick<RevealsTable, 'claim' | 'get'>;
  readonly #executions: Pick<Executions, 'arnFor' | 'start'>;
  readonly #now: () => number;

  /** @param parts `now` in Unix milliseconds */
  constructor(parts: {
    reveals: Pick<RevealsTable, 'claim' | 'get'>;
    executions: Pick<Executions, 'arnFor' | 'start'>;
    now: () => number;
  }) {
    this.#reveals = parts.reveals;
    this.#executions = parts.executions;
    this.#now = parts.now;
  }

  /**
   * Safe to repeat: the same task again attaches, and the execution is started again as long as nobody knows that it was. The
   * claimant may have died between claim and start.
   *
   * @param claimedBy names this very request, and its repetitions
   * @param otherwise the options of a new reveal that the request does not mention
   * @throws RelayFault; ask again then, the claim holds
   */
  async start(
    { ifDifferent, ...asked }: StartRequest,
    claimedBy: string,
    otherwise: RevealOptions = {},
  ): Promise<Started> {
    const { record, isNew } = await claimReveal(
      {
        taskId: asked.taskId,
        priority: asked.priority ?? otherwise.priority,
        reference: asked.reference ?? otherwise.reference,
      },
      { claimedBy, executionArnFor: (reveal) => this.#executions.arnFor(reveal) },
      { reveals: this.#reveals, now: this.#now },
    );
    if (this.#isNotKnownToRun(record)) await this.#executions.start(record);
    if (isNew) return { kind: 'started', record, optionsDiffer: [] };
    const optionsDiffer = optionsThatDiffer(asked, record);
    const isRefused = ifDifferent === 'refuse' && optionsDiffer.length > 0;
    return { kind: isRefused ? 'refused' : 'attached', record, optionsDiffer };
  }

  /** `Admit` notes when it will look first. A reveal that was started directly has another execution, and needs none of ours. */
  #isNotKnownToRun(record: RevealRecord): boolean {
    const { status, nextPollAt, executionArn } = record;
    return status === 'running' && nextPollAt === undefined && executionArn === this.#executions.arnFor(record);
  }
}

/** Only what was asked for in so many words counts: an option that was left out differs from nothing. */
function optionsThatDiffer(asked: RevealOptions, holds: Pick<RevealRecord, 'priority' | 'reference'>) {
  return (['priority', 'reference'] as const).filter(
    (name) => asked[name] !== undefined && asked[name] !== holds[name],
  );
}
