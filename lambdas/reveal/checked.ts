import type * as z from 'zod/mini';

export type Checked<Value> = { ok: true; value: Value } | { ok: false; problem: string };

/** Checks an untrusted value against one of our schemas. The problem names our fields, never theirs, and no value. */
export function check<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): Checked<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.map(({ code, path, message }) => {
    if (code === 'unrecognized_keys') return 'it has fields that are not known here';
    const field = path.filter((part) => typeof part !== 'symbol').join('.');
    return field === '' ? `it ${message}` : `${field} ${hasValueAt(value, path) ? message : 'is missing'}`;
  });
  return { ok: false, problem: [...new Set(problems)].join('; ') };
}

function hasValueAt(value: unknown, path: readonly PropertyKey[]): boolean {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return false;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at !== undefined;
}
