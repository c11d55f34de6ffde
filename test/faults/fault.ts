import type { Call } from './calls.ts';

/** What happens to a call on its way. */
export type How =
  /** The service refuses it, in words that quote it. */
  | 'throttled'
  | 'failing'
  | 'denied'
  | 'missing'
  /** Status 200 and nothing in it. */
  | 'empty'
  /** PutEvents' status 200 that has not taken the event. */
  | 'not taken'
  /** The connection ends before the service has seen the call. */
  | 'reset'
  /** The service does what it was asked, and the connection ends before it can say so. */
  | 'lost'
  /** The handler is killed before the service sees the call, or once it has done what it was asked. */
  | 'killed before'
  | 'killed after'
  /** It goes through, and something else happens first, or before its answer gets back. */
  | { readonly before: (call: Call) => unknown }
  | { readonly after: (call: Call) => unknown }
  /** The vendor's answer to a start is another one, whether it has started and charged for a task before, or has not. */
  | { readonly says: Said; readonly charged: boolean; readonly first?: () => unknown };

/** Such an answer. */
export interface Said {
  /** 0: nothing comes, and the connection stays open. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: (request: string) => string;
  /** Half of the body comes, and the connection ends. */
  readonly isCutOff?: boolean;
}

/** Which calls meet what. */
export interface Fault {
  /** @default any */
  readonly handler?: string;
  /** @default any */
  readonly operation?: string;
  /** The first of these calls that meets it. @default 1 */
  readonly from?: number;
  /** How many of them. @default 1 */
  readonly times?: number;
  /** From the first one on, one of so many. @default 1 */
  readonly every?: number;
  readonly how: How;
  /** Whether it is over. */
  readonly unless?: () => boolean;
}

/** A fault that counts the calls that it is for. */
export interface ArmedFault extends Fault {
  seen: number;
  met: number;
}

/** Counts the call, if the fault is for such calls, and says whether this one meets it. */
export function meets(fault: ArmedFault, { handler, operation }: Call): boolean {
  const { from = 1, times = 1, every = 1 } = fault;
  if ((fault.handler ?? handler) !== handler || (fault.operation ?? operation) !== operation) return false;
  if (fault.unless?.()) return false;
  fault.seen += 1;
  const since = fault.seen - from;
  const isMet = since >= 0 && since % every === 0 && since / every < times;
  if (isMet) fault.met += 1;
  return isMet;
}
