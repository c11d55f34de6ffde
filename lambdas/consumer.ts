/**
 * For those who send requests to the bus or receive what the relay says there: `reveal-relay/events`. Names, types, and a guard against
 * copies, on nothing but JavaScript. The JSON Schemas are in `docs/events`.
 */
export {
  type EventType,
  eventSource,
  eventTypes,
  type FindKind,
  type Found,
  type Outcome,
  type Reason,
} from './contract.ts';
export type {
  CreditCapNearEvent,
  LowCreditsEvent,
  RejectionEvent,
  RequestDetail,
  RevealEvent,
} from './reveal/events/details.ts';
export { once, type SeenEvents } from './reveal/events/once.ts';
