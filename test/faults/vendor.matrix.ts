import { describeCells } from './matrix.ts';
import { vendorCells } from './vendor-cells.ts';

describeCells(vendorCells);
