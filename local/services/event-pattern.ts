import { TemplateError } from '../template/template.ts';

/** `{ source: ['a', 'b'], detail: { status: ['FAILED'] } }`: every field named must hold one of the values listed. */
export type EventPattern = { readonly [field: string]: readonly (string | number | boolean | null)[] | EventPattern };

/**
 * Checks that a rule's pattern lists plain values only: matching operators such as `prefix` have no adapter.
 *
 * @throws TemplateError
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function checkPattern(rule: string, pattern: unknown): EventPattern {
  if (!isRecord(pattern)) throw new TemplateError(`${rule} has no usable EventPattern.`);
  for (const [field, wanted] of Object.entries(pattern)) {
    if (field.startsWith('$')) throw new TemplateError(`${rule} matches with ${field}, for which there is no adapter.`);
    if (!Array.isArray(wanted)) {
      checkPattern(rule, wanted);
      continue;
    }
    const operator = wanted.find((value) => typeof value === 'object' && value !== null);
    if (operator !== undefined) {
      throw new TemplateError(
        `${rule} matches ${field} with ${JSON.stringify(operator)}, for which there is no adapter: list plain values, or extend local/services/event-pattern.ts.`,
      );
    }
  }
  return pattern as EventPattern;
}

export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = isRecord(event) ? event[field] : undefined;
    if (!Array.isArray(wanted)) return matches(wanted as EventPattern, value);
    return Array.isArray(value) ? value.some((item) => wanted.includes(item)) : wanted.includes(value);
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
