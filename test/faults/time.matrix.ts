import { describeCells } from './matrix.ts';
import { timeCells } from './time-cells.ts';

describeCells(timeCells);
