/** What the doctor has found out about one subject, in one line. */
export interface Finding {
  readonly subject: 'vendor' | 'key' | 'polls' | 'starts' | 'credits' | 'cap' | 'prices';
  /** `change`: something is wrong, and the line begins with what to do. `note`: worth knowing, and nothing is wrong. */
  readonly kind: 'fine' | 'note' | 'change';
  readonly text: string;
}

/** What a relay is set to, as far as an account has something to say about it. */
export interface RelaySettings {
  readonly pollsPerMinute: number;
  readonly startsPerMinute: number;
  /** The share of both that the relay uses. */
  readonly keyShare: number;
  readonly maxCreditsPerDay?: number | undefined;
}
