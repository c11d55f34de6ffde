import type { Construct } from 'constructs';
import { HttpApiAuth } from '../doors/http-api-auth.ts';
import { usualThrottle } from '../doors/reveal-api.ts';
import type { RevealRelayProps } from '../reveal-relay-props.ts';
import type { Setting } from './setting.ts';
import type { RelayValues } from './setting-values.ts';
import { relaySettingsGiven } from './settings.ts';

/** The props that the settings stand for. @param scope where resources belong that are there already */
export function relayProps(values: RelayValues, scope: Construct): RevealRelayProps {
  const props: Props = {};
  for (const [name, { prop, as }] of Object.entries<Setting>(relaySettingsGiven)) {
    const value = values[name as keyof RelayValues];
    if (value !== undefined && as) put(props, prop.split('.'), as(value, scope));
  }
  const { jwtIssuer: issuer, jwtAudience: audience } = values;
  if (issuer !== undefined && audience !== undefined)
    put(props, ['api', 'auth'], HttpApiAuth.jwt({ issuer, audience }));
  const { throttle } = (props.api ?? {}) as Props;
  if (throttle) put(props, ['api', 'throttle'], { ...usualThrottle, ...(throttle as Props) });
  return props;
}

interface Props {
  [name: string]: unknown;
}

function put(props: Props, [name = '', ...inside]: readonly string[], value: unknown): void {
  if (inside.length === 0) {
    props[name] = value;
    return;
  }
  const within = { ...(props[name] as Props | undefined) };
  put(within, inside, value);
  props[name] = within;
}
