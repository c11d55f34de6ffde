export { RevealRelay, type RevealRelayProps } from './reveal-relay.ts';
export { RevealRelayStack, type RevealRelayStackProps } from './reveal-relay-stack.ts';
