export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object that a text holds; undefined when it is no JSON, or none that has fields. */
export function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
