import type { Construct } from 'constructs';
import type { RevealRelayProps } from '../reveal-relay-props.ts';
import type { Kind } from './kinds.ts';

/** The type of a prop of the relay, or of one inside it, such as `api.corsOrigins`. */
type PropAt<Path extends string, Props = RevealRelayProps> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof Props
    ? PropAt<Rest, NonNullable<Props[Head]>>
    : never
  : Path extends keyof Props
    ? NonNullable<Props[Path]>
    : never;

/** A prop that can be said without code. */
export interface Setting<Value = unknown> {
  readonly kind: Kind<Value>;
  /** The prop that it becomes: `api.corsOrigins`. Its comment is the setting's too. */
  readonly prop: string;
  /** Where the comment is instead, if several settings become one prop: `JwtAuthProps.issuer`. */
  readonly describedAt?: string;
  /** Makes the prop of it. Undefined where it takes several settings to make one: `relay-props.ts` does. */
  as?(value: Value, scope: Construct): unknown;
  /** It names something in an AWS account, which `npm run local` does not have. */
  readonly isOnAws?: true;
}

/** A setting that becomes one prop; the compiler sees to it that it fits. */
export function setting<const Path extends string, Value>(
  prop: Path,
  kind: Kind<Value>,
  as: (value: Value, scope: Construct) => PropAt<Path>,
): Setting<Value> {
  return { prop, kind, as };
}

/** A setting that becomes a resource which is there already. */
export function existing<const Path extends string, Value>(
  prop: Path,
  kind: Kind<Value>,
  as: (value: Value, scope: Construct) => PropAt<Path>,
): Setting<Value> {
  return { ...setting(prop, kind, as), isOnAws: true };
}

/** A setting that becomes a prop together with another one. */
export const partOf = <Value>(prop: string, kind: Kind<Value>, describedAt: string): Setting<Value> => ({
  prop,
  kind,
  describedAt,
});

/** A prop as it is given. */
export const asItIs = <Value>(value: Value): Value => value;
