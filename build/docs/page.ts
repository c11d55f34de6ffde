/** Puts what was generated into a page, in place of what lies between two lines of it. @throws Error where the page has no such lines */
export function withGenerated(page: string, begin: string, end: string, generated: string): string {
  const from = page.indexOf(`${begin}\n`);
  const to = page.indexOf(end, from + begin.length);
  if (from < 0 || to < 0) throw new Error(`The page has no ${begin} … ${end}.`);
  return `${page.slice(0, from)}${begin}\n${generated}\n${page.slice(to)}`;
}
