import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { grouped } from '../support/grouped.ts';

const held = '✔';
const broken = '✘';
const lineLength = 160;
/** Where there is no terminal on which a line can change. */
const linesEvery = 50;

/** Prints how far it is, then the matrix, row by row, what is broken and why, and at the very end the count. */
export default class GridReporter implements Reporter {
  #played = 0;
  #broken = 0;

  onTestCaseResult(cell: TestCase): void {
    if (!isPlayed(cell)) return;
    this.#played += 1;
    this.#broken += Number(!isHeld(cell));
    const { isTTY } = process.stderr;
    if (!isTTY && this.#played % linesEvery !== 0) return;
    process.stderr.write(`${isTTY ? '\r' : ''}${this.#played} cells, ${this.#broken} broken${isTTY ? '' : '\n'}`);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message?: string; stack?: string }[]): void {
    const cells = modules.flatMap((module) => [...module.children.allTests()]).filter(isPlayed);
    const failed = cells.filter((cell) => !isHeld(cell));
    // A file that cannot be loaded, or an error that nobody waited for, is no cell, and must not pass for none broken.
    const elsewhere = [
      ...modules.flatMap((module) => module.errors().map(({ message }) => `${module.moduleId}: ${message}`)),
      ...unhandled.map(({ stack, message }) => stack ?? message ?? 'an error without a message'),
    ];
    const lines = [
      ...[...grouped(cells, groupOf)].flatMap(([group, ofGroup]) => ['', group, ...rowsOf(ofGroup)]),
      ...failed.flatMap((cell) => ['', `${broken} ${cell.fullName}`, ...problemsOf(cell)]),
      ...elsewhere.flatMap((error) => ['', error]),
      '',
      `faults: ${cells.length} cells, ${cells.length - failed.length} held, ${failed.length + elsewhere.length} broken`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}

/** Not left out by a filter. */
const isPlayed = (cell: TestCase) => cell.result().state !== 'skipped';
const isHeld = (cell: TestCase) => cell.result().state === 'passed';
const rowOf = (cell: TestCase) => ('name' in cell.parent ? cell.parent.name : '');
const groupOf = (cell: TestCase) => cell.fullName.split(' > ')[0] ?? '';

function rowsOf(cells: readonly TestCase[]): string[] {
  const rows = [...grouped(cells, rowOf)];
  const width = Math.max(...rows.map(([row]) => row.length));
  return rows.flatMap(([row, ofRow]) => {
    const lines = [''];
    for (const cell of ofRow) {
      const mark = `  ${isHeld(cell) ? held : broken} ${cell.name}`;
      const line = lines.at(-1) ?? '';
      if (width + line.length + mark.length > lineLength) lines.push(mark);
      else lines[lines.length - 1] = line + mark;
    }
    return lines.map((line, index) => `  ${(index === 0 ? row : '').padEnd(width)}${line}`);
  });
}

/** What a cell expects is an empty list of complaints: the list is all there is to say. */
function problemsOf(cell: TestCase): string[] {
  const { errors = [] } = cell.result();
  return errors.flatMap(({ message, actual }) => (actual === undefined ? message : String(actual)).split('\n'));
}
