export { HttpApiAuth, type JwtAuthProps } from './http-api-auth.ts';
export { addRelayOutputs } from './relay-outputs.ts';
export { RevealApi, type RevealApiOptions } from './reveal-api.ts';
export { RevealRelay, type RevealRelayProps } from './reveal-relay.ts';
export { RevealRelayStack, type RevealRelayStackProps } from './reveal-relay-stack.ts';
