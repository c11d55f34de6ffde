import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addRelayOutputs } from './relay-outputs.ts';
import { RevealRelay } from './reveal-relay.ts';
import type { RevealRelayProps } from './reveal-relay-props.ts';

/** The props of any stack, and those of the relay in it. */
export interface RevealRelayStackProps extends StackProps {
  /** What the relay is set up with. @default - the relay's own defaults */
  readonly relay?: RevealRelayProps;
}

/** The relay on its own: what `cdk deploy` ships from this repository, where no setting says otherwise. */
export class RevealRelayStack extends Stack {
  readonly relay: RevealRelay;

  constructor(scope: Construct, id: string, props: RevealRelayStackProps = {}) {
    super(scope, id, props);
    this.relay = new RevealRelay(this, 'Relay', props.relay);
    addRelayOutputs(this, this.relay);
  }
}
