/** For those who send requests to the bus or receive what the relay says there: types, schemas, and a guard against copies. */
export { type EventType, eventSource, eventTypes } from './contract.ts';
export type { LowCreditsEvent, RevealEvent } from './reveal/events/announcement.ts';
export type { CreditCapNearEvent } from './reveal/events/credit-cap-near.ts';
export { once, type SeenEvents } from './reveal/events/once.ts';
export { type RejectionEvent, requestedEvent } from './reveal/events/requested.ts';
export {
  creditCapNearEvent,
  eventSchemas,
  lowCreditsEvent,
  rejectionEvent,
  revealEvent,
} from './reveal/events/schemas.ts';
export { type RevealRequest, revealRequest } from './reveal/request.ts';
