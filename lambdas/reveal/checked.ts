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
    const field = path.filter((part) => typeof part !== 'symbol').join('.');
    return field === '' ? `it ${message}` : `${field} ${hasValueAt(value, path) ? message : 'is missing'}`;
  });
  return { ok: false, problem: [...new Set(problems)].join('; ') };
}

/** Names ours alone: theirs may be anything, such as an e-mail address. */
function unknownFields(given: readonly string[], ours: readonly string[]): string {
  const meant = new Set(given.flatMap((name) => nearestName(name, ours) ?? []));
  return `it has fields that are not known here${meant.size > 0 ? ` (did you mean ${[...meant].join(', ')}?)` : ''}`;
}

function fieldsOf(schema: z.ZodMiniType): string[] {
  const { shape } = schema._zod.def as { shape?: object };
  return Object.keys(shape ?? {});
}

function hasValueAt(value: unknown, path: readonly PropertyKey[]): boolean {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return false;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at !== undefined;
}
