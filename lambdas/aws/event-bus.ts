import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventSource } from '../contract.ts';
import { RelayFault } from '../reveal/errors.ts';
import type { Announcement, CreditWarning } from '../reveal/events/announcement.ts';
import type { CreditCapNear } from '../reveal/events/credit-cap-near.ts';
import type { Rejection } from '../reveal/events/requested.ts';
import { attempt } from './sdk.ts';

/** The bus on which the relay announces how reveals ended, and answers requests that it cannot start. */
export class RevealBus {
  readonly #client: EventBridgeClient;
  readonly #bus: string;
  readonly #relay: { relay?: string };

  /**
   * @param bus its name or ARN
   * @param relayName what every event carries as `relay`, to tell the relays on a shared bus apart
   */
  constructor(bus: string, client: EventBridgeClient, relayName?: string) {
    this.#bus = bus;
    this.#client = client;
    this.#relay = relayName === undefined ? {} : { relay: relayName };
  }

  /** @throws RelayFault also when EventBridge answers 200 and has not taken every event */
  async publish(...events: (Announcement | CreditWarning | CreditCapNear | Rejection)[]): Promise<void> {
    const Entries = events.map(({ type, detail }) => ({
      EventBusName: this.#bus,
      Source: eventSource,
      DetailType: type,
      Detail: JSON.stringify({ ...detail, ...this.#relay }),
      Time: timeOf(detail),
      Resources: [],
    }));
    const answer = await attempt('EventBridge', () => this.#client.send(new PutEventsCommand({ Entries })));
    const refused = answer.Entries?.find(({ ErrorCode }) => ErrorCode);
    if (refused || answer.FailedEntryCount)
      throw new RelayFault('EventBridge', `the event was not taken (${safe(refused?.ErrorCode)})`);
  }
}

function timeOf(detail: (Announcement | CreditWarning | CreditCapNear | Rejection)['detail']): Date {
  if ('settledAt' in detail) return new Date(detail.settledAt);
  return new Date('noticedAt' in detail ? detail.noticedAt : detail.requestedAt);
}

const safe = (code: string | undefined) => (code && /^\w{1,64}$/.test(code) ? code : 'no code');
