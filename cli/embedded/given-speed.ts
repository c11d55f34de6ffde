import { UsageError } from '../usage-error.ts';
import type { VendorChoice } from '../vendor-choice.ts';

/**
 * Reads `--speed N`.
 *
 * @throws UsageError when it is no number of at least 1, or the vendor lives in a time that cannot be hurried
 */
export function readSpeed(text: string | undefined, vendor: VendorChoice): number | undefined {
  if (text === undefined) return undefined;
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(speed >= 1 && Number.isFinite(speed))) {
    throw new UsageError(
      `--speed is ${JSON.stringify(text)}: give a number of at least 1, by which every wait is divided.`,
    );
  }
  if (speed !== 1 && vendor.kind === 'address' && !vendor.isLoopback) {
    throw new UsageError(
      `--speed ${text} is for the stand-in and for servers on this machine: ${vendor.baseUrl} has its own time and limits. Leave it out.`,
    );
  }
  return speed;
}
