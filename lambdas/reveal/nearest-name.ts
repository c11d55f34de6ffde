/** How many letters have to be put in, taken out or replaced to make one text of the other. */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [row, letter] of [...one].entries()) {
    const line = [row + 1];
    for (const [at, wanted] of [...other].entries()) {
      line.push(Math.min(above[at]! + (letter === wanted ? 0 : 1), above[at + 1]! + 1, line[at]! + 1));
    }
    above = line;
  }
  return above.at(-1)!;
}

/** Without what spellings of one name differ in: `task_id`, `TaskID`. */
const bare = (name: string) => name.toLowerCase().replace(/[_-]/g, '');

/**
 * Which of our names is meant by one that is not ours: another spelling of it, or one with a letter or two wrong. Whoever uses contact
 * data for a name is told nothing: it is close to none.
 */
export function nearestName(given: string, ours: readonly string[]): string | undefined {
  // Longer than any of ours; and measuring takes as long as the product of both.
  if (given.length > 40) return undefined;
  const near = ours
    .map((name) => ({ name, letters: distance(bare(given), bare(name)) }))
    .filter(({ name, letters }) => letters <= (name.length < 8 ? 1 : 2))
    .sort((one, other) => one.letters - other.letters);
  return near[0]?.name;
}
