import { describeEach } from './matrix.ts';
import { startCells } from './start-cells.ts';
import { brokenStartIn } from './start-invariants.ts';
import { playStart } from './start-play.ts';

describeEach(startCells, async (lab, cell) => brokenStartIn(lab, await playStart(lab, cell)));
