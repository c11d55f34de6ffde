/** For a test whose length is bounded by what it counts and not by a clock: a limit that no load on the machine reaches. */
export const longRun = { timeout: 900_000 };
