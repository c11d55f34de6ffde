import { awsCells, particularCells } from './aws-cells.ts';
import { describeCells } from './matrix.ts';

describeCells([...awsCells, ...particularCells]);
