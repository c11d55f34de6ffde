import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { physicalName } from '../physical-name.ts';

/** A bus of the relay's own: whoever asks for a reveal on it can mean only this relay. */
export class RevealEventBus extends EventBus {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      eventBusName: physicalName(scope, id),
      description: 'Contact reveals: requests and completions',
    });
  }
}
