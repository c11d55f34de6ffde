/** For those who send requests to the bus or receive what the relay says there: types, schemas, and a guard against copies. */
export { type EventType, eventSource, eventTypes } from './contract.ts';
export type { LowCreditsEvent, RevealEvent } from './reveal/event.ts';
export { eventSchemas, lowCreditsEvent, rejectionEvent, revealEvent } from './reveal/event-schema.ts';
export { once, type SeenEvents } from './reveal/once.ts';
export { type RevealRequest, revealRequest } from './reveal/request.ts';
export { type RejectionEvent, requestedEvent } from './reveal/requested-event.ts';
