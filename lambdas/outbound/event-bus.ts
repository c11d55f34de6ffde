import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventSource } from '../contract.ts';
import { RelayFault } from '../reveal/errors.ts';
import type { Announcement } from '../reveal/event.ts';
import { attempt, sdkClientOptions } from './sdk.ts';

/** The bus on which the relay announces how reveals ended. */
export class RevealBus {
  readonly #client = new EventBridgeClient(sdkClientOptions);
  readonly #busName: string;

  constructor(busName: string) {
    this.#busName = busName;
  }

  /** @throws RelayFault also when EventBridge answers 200 and has not taken the event */
  async publish({ type, detail }: Announcement): Promise<void> {
    const entry = {
      EventBusName: this.#busName,
      Source: eventSource,
      DetailType: type,
      Detail: JSON.stringify(detail),
      Time: new Date(detail.settledAt),
      Resources: [],
    };
    const answer = await attempt('EventBridge', () => this.#client.send(new PutEventsCommand({ Entries: [entry] })));
    const refused = answer.Entries?.find(({ ErrorCode }) => ErrorCode);
    if (refused || answer.FailedEntryCount)
      throw new RelayFault('EventBridge', `the event was not taken (${safe(refused?.ErrorCode)})`);
  }
}

const safe = (code: string | undefined) => (code && /^\w{1,64}$/.test(code) ? code : 'no code');
