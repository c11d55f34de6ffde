import type { Executions } from '../../aws/executions.ts';
import type { RelayItem } from '../../aws/relay-item.ts';
import type { ListMembers } from '../../aws/reveals/list-members.ts';
import { type FindKind, findKinds } from '../../contract.ts';
import type { BatchCap, ClaimRequest, RevealRequest } from '../../reveal/claim-request.ts';
import { keptBeside, lackingIn } from '../../reveal/life/earlier.ts';
import { positionBehind } from '../../reveal/lists/list-member.ts';
import type { RevealRecord } from '../../reveal/record.ts';
import type { Wish } from '../../reveal/request.ts';
import { type ClaimingTable, claimReveal, foreseeClaim } from './claim.ts';
import { personOf } from './person.ts';

export type RevealOptions = Omit<RevealRequest, 'taskId'>;

export interface StartRequest extends Wish {
  /**
   * What is to happen if the reveal is there already, and was asked for with other options.
   * @default 'attach'
   */
  ifDifferent?: 'attach' | 'refuse' | undefined;
}

/** Who asks. */
export interface Caller {
  /** Names this very request, and its repetitions. */
  claimedBy: string;
  /** The caller's own name for the request, under which a new result may be wished for: the same key is the same wish. */
  key?: string | undefined;
  /** The batch that it is part of, and what that may cost. */
  batch?: BatchCap | undefined;
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
  /** What this caller wants to know, and the reveal that is there already was not asked for. */
  missing: FindKind[];
  /** Of a result that was there already: how long ago it came. */
  ageSeconds?: number;
}

/** What a start would come to that is not made. */
export interface WouldStart {
  kind: 'would-start';
  revealId: string;
  /** The most that it may cost, by list price. 0 for a task that is there already. */
  credits: number;
}

interface RevealStarterParts {
  reveals: ClaimingTable;
  executions: Pick<Executions, 'arnFor' | 'start'>;
  relay: Pick<RelayItem, 'salt'>;
  lists: Pick<ListMembers, 'put'>;
  /** Unix milliseconds. */
  now: () => number;
}

/** Results of people are good for this long where nobody says otherwise. */
export const usualMaxAgeDays = 30;

/** Starts reveals for callers who do not start the execution themselves: claims the reveal, then starts its execution. */
export class RevealStarter {
  readonly #parts: RevealStarterParts;

  constructor(parts: RevealStarterParts) {
    this.#parts = parts;
  }

  /**
   * Safe to repeat: the same task or person again attaches, and the execution is started again as long as nobody knows that it was. The
   * claimant may have died between claim and start.
   *
   * @param otherwise the options of a new reveal that the request does not mention
   * @throws RelayFault; ask again then, the claim holds
   * @throws SaltMissing; nothing is claimed
   */
  async start(
    { ifDifferent, ...asked }: StartRequest,
    caller: Caller,
    otherwise: RevealOptions = {},
  ): Promise<Started> {
    const options = {
      priority: asked.priority ?? otherwise.priority,
      reference: asked.reference ?? otherwise.reference,
      custom: asked.custom,
    };
    const started = await this.claim({ ...(await this.#meant(asked, caller)), ...options }, caller.claimedBy);
    const { record } = started;
    const answer: Started = started.isNew
      ? { kind: 'started', record, optionsDiffer: [], missing: [] }
      : this.#attached({ ifDifferent, ...asked }, record);
    // After the claim, which says whose reveal it is. Nobody has been answered yet: whoever dies in between is asked again.
    if (answer.kind !== 'refused') await this.#join(record, asked);
    return answer;
  }

  /**
   * What {@link start} would do at this moment. No reveal is claimed; a relay that has never seen a person makes its salt.
   *
   * @throws SaltMissing
   */
  async foresee(asked: StartRequest, caller: Omit<Caller, 'claimedBy'>): Promise<Started | WouldStart> {
    const foreseen = await foreseeClaim(await this.#meant(asked, caller), this.#parts);
    return 'record' in foreseen ? this.#attached(asked, foreseen.record) : { kind: 'would-start', ...foreseen };
  }

  #attached({ ifDifferent, ...asked }: StartRequest, record: RevealRecord): Started {
    const optionsDiffer = optionsThatDiffer(asked, record);
    const isRefused = ifDifferent === 'refuse' && optionsDiffer.length > 0;
    const missing = asked.linkedinUrl === undefined ? [] : missingIn(record, asked, this.#parts.now());
    return { kind: isRefused ? 'refused' : 'attached', record, optionsDiffer, missing, ...this.#ageOf(record) };
  }

  /** Claims a reveal and starts its execution, unless somebody else has. */
  async claim(request: ClaimRequest, claimedBy: string): Promise<{ record: RevealRecord; isNew: boolean }> {
    const { executions } = this.#parts;
    const claimant = { claimedBy, executionArnFor: executions.arnFor.bind(executions) };
    const claimed = await claimReveal(request, claimant, this.#parts);
    if (this.#isNotKnownToRun(claimed.record)) await executions.start(claimed.record);
    return claimed;
  }

  async #meant(
    { taskId, linkedinUrl, find, maxAge, ifMissing }: Wish,
    { key, batch }: Omit<Caller, 'claimedBy'>,
  ): Promise<ClaimRequest> {
    if (taskId !== undefined) return { taskId };
    return {
      ...(await personOf(linkedinUrl ?? '', this.#parts.relay)),
      find: find ?? findKinds,
      maxAgeDays: maxAge ?? usualMaxAgeDays,
      ifMissing,
      ...(maxAge === 0 && key !== undefined && { force: key }),
      ...(batch && { batch }),
    };
  }

  async #join({ revealId }: RevealRecord, { list, position = positionBehind(this.#parts.now()) }: Wish): Promise<void> {
    if (list !== undefined) await this.#parts.lists.put(list, revealId, position);
  }

  #ageOf({ status, settledAt, erasedAt }: RevealRecord): Pick<Started, 'ageSeconds'> {
    if (status !== 'completed' || settledAt === undefined || erasedAt !== undefined) return {};
    return { ageSeconds: Math.max(0, Math.round((this.#parts.now() - Date.parse(settledAt)) / 1_000)) };
  }

  /** `Admit` notes when it will look first. A reveal that was started directly has another execution, and needs none of ours. */
  #isNotKnownToRun(record: RevealRecord): boolean {
    const { status, nextPollAt, executionArn } = record;
    return status === 'running' && nextPollAt === undefined && executionArn === this.#parts.executions.arnFor(record);
  }
}

/** Only what was asked for in so many words counts: an option that was left out differs from nothing. */
export function optionsThatDiffer(asked: RevealOptions, holds: Pick<RevealRecord, 'priority' | 'reference'>) {
  return (['priority', 'reference'] as const).filter(
    (name) => asked[name] !== undefined && asked[name] !== holds[name],
  );
}

/** What neither the reveal nor a young result beside it was asked for. */
function missingIn(record: RevealRecord, { find = findKinds, maxAge = usualMaxAgeDays }: Wish, nowMs: number) {
  const { find: own = [] } = record;
  const lacking = lackingIn(keptBeside(record), find, { maxAgeDays: maxAge, nowMs });
  return lacking.filter((kind) => !own.includes(kind));
}
