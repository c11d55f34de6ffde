export { HttpApiAuth, type JwtAuthProps } from './doors/http-api-auth.ts';
export { RevealApi, type RevealApiOptions } from './doors/reveal-api.ts';
export type { PlatformProps } from './platform/platform-props.ts';
export type { ResourceNames } from './platform/resource-names.ts';
export { addRelayOutputs } from './relay-outputs.ts';
export { RevealRelay } from './reveal-relay.ts';
export type { RevealRelayProps } from './reveal-relay-props.ts';
export { RevealRelayStack, type RevealRelayStackProps } from './reveal-relay-stack.ts';
export type { WebhookOptions } from './webhook-receivers.ts';
