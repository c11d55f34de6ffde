import { describeCells } from './matrix.ts';
import { netCells } from './net-cells.ts';

describeCells(netCells);
