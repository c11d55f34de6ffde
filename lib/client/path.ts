/**
 * A path of the API with its query.
 *
 * @param template such as `/reveals/{id}`
 * @throws TypeError for a value that would make another path of it
 */
export function pathOf(
  template: string,
  values: Readonly<Record<string, unknown>> = {},
  query: Readonly<Record<string, string>> = {},
): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(values[name] ?? '');
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`${JSON.stringify(value)} is no ${name}.`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}
