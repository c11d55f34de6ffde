/** What a budget may spend, and who shares it. */
import { type Priority, relayDefaults } from '../../contract.ts';

export const otherThan = (priority: Priority): Priority => (priority === 'interactive' ? 'bulk' : 'interactive');

/** The limits of one budget. All rules here take them as an argument, with the item that they are kept on. */
export type RateLimits = {
  /** The vendor's limit for the account, requests per minute. */
  readonly perMinute: number;
  /** How much of it is ours, above 0 and up to 1; less than 1 when other programs use the same key. */
  readonly share: number;
  /** The interactive part when both priorities wait in line, between 0 and 1; bulk is sure of the rest. Idle parts are lent. */
  readonly interactiveShare: number;
};

const { pollsPerMinute, keyShare, interactiveShare } = relayDefaults;
export const defaultPollLimits: RateLimits = { perMinute: pollsPerMinute, share: keyShare, interactiveShare };

export const shareOf = (limits: RateLimits, priority: Priority) =>
  priority === 'interactive' ? limits.interactiveShare : 1 - limits.interactiveShare;
