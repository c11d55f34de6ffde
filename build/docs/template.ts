/** A CloudFormation template, as far as pictures and tables of it go. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** The resources of a type, by logical id. */
export function ofType(
  { Resources }: Template,
  type: string,
): [logicalId: string, properties: Record<string, unknown>][] {
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([logicalId, { Properties = {} }]) => [logicalId, { ...Properties }]);
}

/** The resources that a value refers to, however deep, in the order in which it names them. */
export function referredTo(value: unknown, template: Template): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as { Ref?: unknown; 'Fn::GetAtt'?: unknown[] };
  const here = [ref, attribute?.[0]].filter((id): id is string => typeof id === 'string' && id in template.Resources);
  return [...new Set([...here, ...Object.values(value).flatMap((inner) => referredTo(inner, template))])];
}

/** A logical id without the construct that all are in, and without the hash at its end: `SafetyNetSweep`. */
export const shortName = (logicalId: string) => logicalId.replace(/^Relay/, '').replace(/[0-9A-F]{8}$/, '');
