/** DynamoDB allows 32 levels of nesting; a record puts a few around a field of an entry. */
const deepest = 24;

/**
 * Whether a value can be written again as it was read, as JSON and into DynamoDB: not nested too deep, and no numbers that were rounded,
 * text that is malformed, or fields without a name.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
function isKeepable(value: unknown, depthLeft: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'number':
      return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value) && Math.abs(value) > 1e-120;
    case 'object':
      if (value === null) return true;
      if (depthLeft === 0) return false;
      if (Array.isArray(value)) return value.every((item) => isKeepable(item, depthLeft - 1));
      return Object.entries(value).every(([name, item]) => isName(name) && isKeepable(item, depthLeft - 1));
    default:
      return true;
  }
}

const isName = (name: string) => name !== '' && name.isWellFormed();

/** The object without the fields that cannot be kept: the object itself if all can. A field named `__proto__` is one like any other. */
export function keepable<Fields extends object>(fields: Fields): Fields {
  const all = Object.entries(fields);
  const kept = all.filter(([name, value]) => isName(name) && isKeepable(value, deepest));
  return kept.length === all.length ? fields : (Object.fromEntries(kept) as Fields);
}
