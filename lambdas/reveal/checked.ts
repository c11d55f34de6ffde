import type * as z from 'zod/mini';
import { nearestName } from './nearest-name.ts';

export type Checked<Value> = { ok: true; value: Value } | { ok: false; problem: string };

/** Checks an untrusted value against one of our schemas. The problem names our fields, never theirs, and no value. */
export function check<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): Checked<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.map((issue) => {
    const { path, message } = issue;
    if (issue.code === 'unrecognized_keys') return unknownFields(issue.keys, fieldsOf(schema));
    const field = oursIn(schema, path).join('.');
    return field === '' ? `it ${message}` : `${field} ${hasValueAt(value, path) ? message : 'is missing'}`;
  });
  return { ok: false, problem: [...new Set(problems)].join('; ') };
}

/** Names ours alone: theirs may be anything, such as an e-mail address. */
function unknownFields(given: readonly string[], ours: readonly string[]): string {
  const meant = new Set(given.flatMap((name) => nearestName(name, ours) ?? []));
  return `it has fields that are not known here${meant.size > 0 ? ` (did you mean ${[...meant].join(', ')}?)` : ''}`;
}

/** As much of a path as names fields of ours: what lies in a record has names of theirs. */
function oursIn(schema: z.core.$ZodType, [part, ...rest]: readonly PropertyKey[]): (string | number)[] {
  if (part === undefined || typeof part === 'symbol') return [];
  const { shape, element, innerType } = schema._zod.def as Inside;
  if (innerType) return oursIn(innerType, [part, ...rest]);
  const inside = shape?.[part] ?? (typeof part === 'number' ? element : undefined);
  return inside ? [part, ...oursIn(inside, rest)] : [];
}

/** What a schema may be made of, by its kind. */
interface Inside {
  readonly shape?: Readonly<Record<PropertyKey, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  /** Of what may be left out. */
  readonly innerType?: z.core.$ZodType;
}

const fieldsOf = (schema: z.ZodMiniType) => Object.keys((schema._zod.def as Inside).shape ?? {});

function hasValueAt(value: unknown, path: readonly PropertyKey[]): boolean {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return false;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at !== undefined;
}
