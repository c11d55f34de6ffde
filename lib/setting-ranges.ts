/** The least and the most that settings in numbers may be. In code and in relay.config.json they are the same. */
export const settingRanges = {
  /** DynamoDB takes 1,000 writes a second to one item, and a poll needs about seven there. */
  pollsPerMinute: [2, 6_000],
  startsPerMinute: [1, 6_000],
  maxCreditsPerDay: [1, 100_000_000],
  keyShare: [0.01, 1],
  interactiveShare: [0.01, 0.99],
  /** An hour less than the workflow's own timeout: past it a reveal still gets a fresh poll. */
  maxWaitMinutes: [1, 11 * 60],
  retentionDays: [1, 3_650],
  memoryMb: [128, 10_240],
  reservedConcurrency: [1, 10_000],
} as const satisfies Readonly<Record<string, readonly [least: number, most: number]>>;
