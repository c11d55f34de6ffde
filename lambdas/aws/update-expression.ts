/**
 * An update that sets attributes, and takes those away that are null.
 *
 * @param condition may name `#status`, a reserved word, and its own values
 */
export function setting(changes: object, condition: string, values: Record<string, unknown> = {}) {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined && value !== null);
  const removals = Object.entries(changes).filter(([, value]) => value === null);
  const parts = [
    ...(entries.length > 0 ? [`SET ${entries.map((_, at) => `#a${at} = :a${at}`).join(', ')}`] : []),
    ...(removals.length > 0 ? [`REMOVE ${removals.map((_, at) => `#r${at}`).join(', ')}`] : []),
  ];
  const allValues = { ...values, ...Object.fromEntries(entries.map(([, value], at) => [`:a${at}`, value])) };
  return {
    UpdateExpression: parts.join(' '),
    ConditionExpression: condition,
    ExpressionAttributeNames: {
      ...(condition.includes('#status') && { '#status': 'status' }),
      ...Object.fromEntries(entries.map(([name], at) => [`#a${at}`, name])),
      ...Object.fromEntries(removals.map(([name], at) => [`#r${at}`, name])),
    },
    ...(Object.keys(allValues).length > 0 && { ExpressionAttributeValues: allValues }),
  };
}
