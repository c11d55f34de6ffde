import type { AccountLimits, VendorLimit } from '../../lambdas/fiber/account.ts';
import type { Finding, RelaySettings } from './finding.ts';

/** Compares what the account may do in a minute with what the relay is set to. */
export function limitFindings({ poll, start }: AccountLimits, settings: RelaySettings): Finding[] {
  const { pollsPerMinute, startsPerMinute, keyShare } = settings;
  return [
    compared('polls', poll, { prop: 'pollsPerMinute', value: pollsPerMinute, least: 2, keyShare }),
    compared('starts', start, { prop: 'startsPerMinute', value: startsPerMinute, least: 1, keyShare }),
  ];
}

interface Setting {
  readonly prop: string;
  readonly value: number;
  /** The least that the construct takes. */
  readonly least: number;
  readonly keyShare: number;
}

function compared(
  subject: 'polls' | 'starts',
  limit: VendorLimit | undefined,
  { prop, value, least, keyShare }: Setting,
): Finding {
  if (limit === undefined) {
    const text = `The vendor states no limit of ${subject}: compare ${prop}, which is ${value}, with your contract.`;
    return { subject, kind: 'note', text };
  }
  const { max, windowSeconds } = limit;
  const perMinute = Math.floor((max * 60) / windowSeconds);
  const stated = `${max} ${subject} ${windowSeconds === 60 ? 'a minute' : `in ${windowSeconds} seconds`}`;
  if (value > perMinute) {
    const fit = Math.max(least, perMinute);
    const text = `Set ${prop} to ${fit}: the account allows ${stated}, the relay is set to ${value}.`;
    return { subject, kind: 'change', text };
  }
  if (value < perMinute) {
    const text = `The account allows ${stated}, the relay is set to ${value}: a ${prop} of ${perMinute} would use it all.`;
    return { subject, kind: 'note', text };
  }
  const used =
    keyShare < 1
      ? `the relay uses ${Math.floor(value * keyShare)} of them (keyShare ${keyShare})`
      : 'the relay uses all of them: set a keyShare below 1 if others use the key';
  return { subject, kind: 'fine', text: `The account allows ${stated}, and ${used}.` };
}
