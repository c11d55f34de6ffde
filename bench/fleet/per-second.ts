/** How much of something happens in each second of a run. */
export class PerSecond {
  private readonly amounts: number[] = [];

  add(nowMs: number, amount = 1): void {
    const second = Math.floor(nowMs / 1_000);
    this.amounts[second] = (this.amounts[second] ?? 0) + amount;
  }

  /** In the busiest second. */
  get peak(): number {
    return this.amounts.reduce((most, amount) => Math.max(most, amount), 0);
  }

  /** On average over the seconds from the start of the run to the last in which there was any. */
  get mean(): number {
    return this.amounts.length === 0 ? 0 : this.amounts.reduce((sum, amount) => sum + amount, 0) / this.amounts.length;
  }
}
