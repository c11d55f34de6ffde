import { expect, it } from 'vitest';
import { allCells } from './all-cells.ts';
import { describeCells, describeEach } from './matrix.ts';
import { startCells } from './start-cells.ts';
import { brokenStartIn } from './start-invariants.ts';
import { playStart } from './start-play.ts';
import { webhookCells } from './webhook-cells.ts';
import { brokenWebhookIn } from './webhook-invariants.ts';
import { playWebhook } from './webhook-play.ts';

/** The most telling cells of the fault matrix. All of it: `npm run test:faults`. */
describeCells(allCells.filter(({ quick }) => quick));
describeEach(
  startCells.filter(({ quick }) => quick),
  async (lab, cell) => brokenStartIn(lab, await playStart(lab, cell)),
);
describeEach(
  webhookCells.filter(({ quick }) => quick),
  async (lab, cell) => brokenWebhookIn(lab, await playWebhook(lab, cell)),
);

it('has a name of its own for every cell of the matrix, of which there are at least 500', () => {
  const cells = [...allCells, ...startCells, ...webhookCells];
  const names = new Set(cells.map(({ group, row, column }) => [group, row, column].join(' > ')));
  expect(names.size).toBe(cells.length);
  expect(names.size).toBeGreaterThanOrEqual(500);
});
