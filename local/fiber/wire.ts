/**
 * The shapes of the vendor's answers, written from its contract alone and shared with nothing outside this folder.
 * @see https://api.fiber.ai/ai-docs/index.md operation pollExhaustiveContactEnrichmentResult
 */
export interface Email {
  readonly email: string;
  /** The contract knows work, personal, other, unknown and generic; the vendor has changed enums before. */
  readonly type: string;
  /** The contract knows valid, risky, unknown and invalid. */
  readonly status?: string;
}

export interface PhoneNumber {
  readonly number: string;
  /** The contract knows mobile, other and unknown. */
  readonly type: string;
}

export interface Profile {
  readonly emails: readonly Email[];
  readonly phoneNumbers: readonly PhoneNumber[];
  readonly status: string;
  readonly error?: string;
  readonly exhaustive?: boolean | null;
  readonly lowQualityEmails?: readonly Email[] | null;
  readonly [unknownField: string]: unknown;
}

export interface CreditAlert {
  readonly getMoreCreditsUrl: string;
  readonly message: string;
  readonly availableCredits: number;
}

interface Charge {
  readonly lowCreditAlert?: CreditAlert | null;
}

export type ChargeInfo =
  | (Charge & { readonly method: 'charged-now'; readonly creditsCharged: number })
  | (Charge & { readonly method: 'charging-later'; readonly message: string })
  | (Charge & {
      readonly method: 'charged-for-async-process';
      readonly creditsCharged: number;
      readonly message: string;
    })
  | (Charge & { readonly method: 'free'; readonly message: string })
  | (Charge & { readonly method: 'credits-refunded'; readonly creditsRefunded: number; readonly message: string });

export type ChargeMethod = ChargeInfo['method'];

export interface Warning {
  /** Full path of a field that the vendor does not know. */
  readonly field: string;
  readonly message: string;
}

export interface Answer<Output> {
  readonly output: Output;
  readonly chargeInfo: ChargeInfo | (Charge & { readonly method: string });
  readonly warnings?: readonly Warning[] | null;
  readonly advice: readonly string[];
  readonly [unknownField: string]: unknown;
}

export type PollBody = Answer<{
  readonly profile: Profile;
  readonly done: boolean;
  readonly [unknownField: string]: unknown;
}>;
export type StartBody = Answer<{ readonly taskId: string }>;

/** Every error has a message; 402 adds the alert. */
export interface ErrorBody {
  readonly message: string;
  readonly outOfCreditsAlert?: CreditAlert | null;
}
