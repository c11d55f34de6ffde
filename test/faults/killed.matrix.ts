import { deadlyCells, killCells } from './kill-cells.ts';
import { describeCells } from './matrix.ts';

describeCells([...killCells, ...deadlyCells]);
