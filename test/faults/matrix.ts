import { afterAll, describe, expect, it } from 'vitest';
import { grouped } from '../support/grouped.ts';
import type { Cell } from './cell.ts';
import { brokenIn } from './invariants.ts';
import { Lab } from './lab.ts';
import { play } from './play.ts';

/** What every kind of cell has. */
type Described = Pick<Cell, 'group' | 'row' | 'column' | 'setting'>;

export function describeCells(cells: readonly Cell[]): void {
  describeEach(cells, async (lab, cell) => brokenIn(lab, await play(lab, cell)));
}

/**
 * Every cell is a test. Cells of one setting share a relay; one that breaks leaves the next one a new one.
 *
 * @param judge plays a cell, and answers everything that is not as it must be then
 */
export function describeEach<Of extends Described>(
  cells: readonly Of[],
  judge: (lab: Lab, cell: Of) => Promise<string[]>,
): void {
  const labs = new Map<string, Promise<Lab>>();
  const labFor = (cell: Described) => {
    const key = JSON.stringify(cell.setting ?? {});
    const lab = labs.get(key) ?? Lab.start(cell.setting);
    labs.set(key, lab);
    return { key, lab };
  };
  const close = async (key: string) => {
    const lab = labs.get(key);
    labs.delete(key);
    await (await lab)?.close();
  };
  afterAll(async () => {
    for (const key of labs.keys()) await close(key);
  });

  for (const [group, ofGroup] of grouped(cells, (cell) => cell.group)) {
    describe(group, () => {
      for (const [row, ofRow] of grouped(ofGroup, (cell) => cell.row)) {
        describe(row, () => {
          for (const cell of ofRow) {
            it(cell.column, async () => {
              const { key, lab: starting } = labFor(cell);
              try {
                const lab = await starting;
                expect(await judge(lab, cell)).toEqual([]);
              } catch (error) {
                await close(key);
                throw error;
              }
            });
          }
        });
      }
    });
  }
}
