/** A client of a relay's HTTP API: `reveal-relay/client`. It needs no other package. */
export type {
  BatchAnswer,
  BatchResult,
  CancelMany,
  EraseMany,
  List,
  ListedReveal,
  ListResults,
  ManyDone,
  Operations,
  Problem,
  ResumeList,
  ResumeMany,
  ResumeReveal,
  Reveal,
  RevealPage,
  StartBatch,
  StartReveal,
  Starts,
} from './api-types.ts';
export {
  type CallOptions,
  type InputOf,
  type OperationName,
  RevealRelayClient,
  type Started,
  type StartOptions,
} from './client.ts';
export type { RevealRelayClientProps } from './client-props.ts';
export {
  RevealRelayAccessError,
  RevealRelayError,
  RevealRelayProblem,
  RevealRelayUnexpectedAnswer,
  RevealRelayUnreachable,
  RevealWaitTimedOut,
} from './errors.ts';
export type { ManyOptions } from './many.ts';
export type { Credentials } from './request-signature.ts';
export type { WaitOptions } from './waiting.ts';
