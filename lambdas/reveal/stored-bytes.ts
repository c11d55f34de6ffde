/** DynamoDB allows 32 levels of nesting, and the record puts a few around what is measured here. */
const deepest = 24;

/**
 * How much room a value takes in an item, or undefined if DynamoDB, or the SDK before it, does not take it as it is or would not give
 * the same back: integers beyond 2^53, numbers beyond its range, text that is not well-formed, empty names, deep nesting.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function storedBytes(value: unknown, depthLeft: number = deepest): number | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? Buffer.byteLength(value) : undefined;
    case 'number':
      return isStorable(value) ? 21 : undefined;
    case 'object':
      if (value === null) return 1;
      return depthLeft === 0 ? undefined : containerBytes(value, depthLeft - 1);
    default:
      return 1;
  }
}

function isStorable(number: number): boolean {
  if (Number.isInteger(number)) return Number.isSafeInteger(number);
  return Math.abs(number) > 1e-120;
}

/** The SDK builds plain objects, in which a field named `__proto__` would be gone. */
const isName = (name: string) => name !== '' && name !== '__proto__' && name.isWellFormed();

function containerBytes(container: object, depthLeft: number): number | undefined {
  let bytes = 3;
  for (const [name, item] of Object.entries(container)) {
    const itemBytes = storedBytes(item, depthLeft);
    if (itemBytes === undefined || !isName(name)) return undefined;
    bytes += itemBytes + 1 + (Array.isArray(container) ? 0 : Buffer.byteLength(name));
  }
  return bytes;
}
