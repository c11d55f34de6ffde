import {
  longestMs,
  type ScenarioName,
  StandInFiber,
  scenarioOfProfile,
  seededRandom,
} from '../../local/fiber/index.ts';
import { RelayClock } from '../../local/time/relay-time.ts';
import { placeholderKey } from '../vendor-choice.ts';
import { defaultSpeed } from './default-speed.ts';
import type { StartArguments, Subject } from './start-arguments.ts';

/** The same every time, so that the default run takes the same time every time. */
const standInSeed = 22;
/** What an ordinary reveal takes at the stand-in, in milliseconds of relay time. */
const ordinaryMs = 200_000;

/** The vendor that one reveal is asked of, and the time that it lives in. */
export interface VendorAtHand {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly clock: RelayClock;
  /** Where the reveal is made, for people. */
  readonly description: string;
  close(): Promise<void>;
}

/** @param maxWaitSeconds when the relay gives up on a reveal */
export async function openVendor(
  { vendor, subject, speed }: Pick<Extract<StartArguments, { help: false }>, 'vendor' | 'subject' | 'speed'>,
  maxWaitSeconds: number,
): Promise<VendorAtHand> {
  if (vendor.kind === 'address') {
    const { baseUrl, apiKey } = vendor;
    return { baseUrl, apiKey, clock: RelayClock.start(speed), description: `at ${baseUrl}`, close: async () => {} };
  }
  let now = Date.now;
  const fiber = await StandInFiber.listen({
    apiKey: placeholderKey,
    random: seededRandom(standInSeed),
    ordinaryDuration: () => ordinaryMs,
    now: () => now(),
  });
  const scenario = played(fiber, subject);
  const chosen = speed ?? defaultSpeed(scenario, longestMs(scenario) ?? ordinaryMs, maxWaitSeconds);
  const clock = RelayClock.start(chosen);
  now = clock.now;
  return {
    baseUrl: fiber.url,
    apiKey: placeholderKey,
    clock,
    description: describeStandIn(scenario, chosen),
    close: () => fiber.close(),
  };
}

/** A task has to be there; a profile's is started by the relay. */
function played(fiber: StandInFiber, subject: Subject): ScenarioName {
  if (subject.kind === 'profile') return scenarioOfProfile(subject.linkedinUrl);
  const { taskId, scenario } = subject;
  return fiber.addTask({ taskId, ...(scenario && { scenario }) }).scenario;
}

function describeStandIn(scenario: ScenarioName, speed: number): string {
  return `at the stand-in vendor, scenario ${scenario}, ${speed === 1 ? 'in real time' : `every wait divided by ${speed}`}`;
}
