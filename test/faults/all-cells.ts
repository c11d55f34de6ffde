import { awsCells, particularCells } from './aws-cells.ts';
import type { Cell } from './cell.ts';
import { deadlyCells, killCells } from './kill-cells.ts';
import { netCells } from './net-cells.ts';
import { timeCells } from './time-cells.ts';
import { vendorCells } from './vendor-cells.ts';

export const allCells: readonly Cell[] = [
  ...vendorCells,
  ...awsCells,
  ...particularCells,
  ...killCells,
  ...deadlyCells,
  ...netCells,
  ...timeCells,
];
