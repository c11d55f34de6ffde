/** A word that somebody may have meant, and what it is called here. */
export interface KnownName {
  readonly word: string;
  readonly name: string;
}

/** What somebody probably meant: a slip of the pen, another case, or the beginning of a longer name. Undefined where nothing is near. */
export function nearestName(given: string, known: readonly KnownName[]): string | undefined {
  const word = given.toLowerCase();
  const ranked = known
    .map((candidate) => ({ ...candidate, word: candidate.word.toLowerCase() }))
    .filter((candidate) => isNear(word, candidate.word))
    .map(({ name, word: other }) => ({ name, distance: editDistance(word, other) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.name;
}

function isNear(word: string, other: string): boolean {
  const isBeginning = Math.min(word.length, other.length) >= 4 && (other.startsWith(word) || word.startsWith(other));
  return word === other || isBeginning || editDistance(word, other) <= Math.max(word.length, other.length) / 4;
}

/** How many letters are to be put in, taken out or replaced: Levenshtein's distance, a row of the table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const replaced = (row[j] ?? 0) + (letter === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
