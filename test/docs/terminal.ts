import type { Screen } from '../../cli/progress.ts';

/** A terminal of so many columns, to which a command writes both of its streams. */
export function terminal(columns: number): { screen: Screen; shown: () => string } {
  let text = '';
  const screen = { isTTY: true, columns, write: (more: string) => (text += more) };
  return {
    screen,
    shown: () =>
      text
        .split('\n')
        .map(asLeft)
        .flatMap((line) => wrapped(line, columns))
        .join('\n'),
  };
}

/** A line that was drawn again and again, as it was left: of one that is wiped at the end, what it showed before. */
function asLeft(line: string): string {
  const drawn = line.split('\r\u001b[K');
  const last = drawn.pop() ?? '';
  const before = drawn.at(-1);
  return before ? `${before}\n${last}` : last;
}

/** A terminal breaks a line where it ends, in the middle of a word. */
function wrapped(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? ['']);
}
