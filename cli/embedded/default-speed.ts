import { envNames } from '../../lambdas/contract.ts';
import type { ScenarioName } from '../../local/fiber/index.ts';
import type { CloudFormationTemplate } from '../../local/template/template.ts';

/** Roughly how long a sped-up reveal is to take, in seconds. */
const showTime = 7;

/** How late the last poll may come, in seconds of relay time. */
const detection = 15;

/**
 * By how much the waits of a reveal have to be divided for it to end within about ten seconds.
 *
 * @param durationMs how long the vendor will take, in relay time; Infinity when it will never end
 * @param maxWaitSeconds when the relay gives up
 */
export function defaultSpeed(scenario: ScenarioName, durationMs: number, maxWaitSeconds: number): number {
  const seconds = isForEver(scenario) ? maxWaitSeconds : Math.min(durationMs / 1_000, maxWaitSeconds);
  return Math.max(1, Math.ceil((seconds + detection) / showTime));
}

/** Scenarios in which the vendor answers with nothing usable until the relay gives up. */
function isForEver(scenario: ScenarioName): boolean {
  return /^(error|malformed|hang)-|^(slow-body|redirect|reset)$/.test(scenario);
}

/** When the relay of this template gives up on a reveal, in seconds. */
export function maxWaitOf({ Resources }: CloudFormationTemplate): number {
  const waits = Object.values(Resources).map(({ Properties }) => {
    const { Variables } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
    return Number(Variables?.[envNames.maxWaitSeconds] ?? 0);
  });
  return Math.max(...waits);
}
