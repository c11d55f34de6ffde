import { expect, it } from 'vitest';
import { allCells } from './all-cells.ts';
import { describeCells } from './matrix.ts';

/** The most telling cells of the fault matrix. All of it: `npm run test:faults`. */
describeCells(allCells.filter(({ quick }) => quick));

it('has a name of its own for every cell of the matrix, of which there are at least 200', () => {
  const names = new Set(allCells.map(({ group, row, column }) => [group, row, column].join(' > ')));
  expect(names.size).toBe(allCells.length);
  expect(names.size).toBeGreaterThanOrEqual(200);
});
