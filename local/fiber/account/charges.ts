import type { ChargeInfo, ChargeMethod, CreditAlert } from '../wire.ts';

/** What a charge says besides its method. */
export interface ChargeFacts {
  readonly creditsCharged: number;
  readonly creditsRefunded: number;
  /** Left out of the charge when undefined; the contract allows an alert, null and nothing. */
  readonly lowCreditAlert?: CreditAlert | null | undefined;
}

/** All five variants of the contract. */
export function chargeInfo(method: ChargeMethod, facts: ChargeFacts): ChargeInfo {
  const alert = facts.lowCreditAlert === undefined ? {} : { lowCreditAlert: facts.lowCreditAlert };
  const { creditsCharged, creditsRefunded } = facts;
  switch (method) {
    case 'charged-now':
      return { method, creditsCharged, ...alert };
    case 'charging-later':
      return { method, message: `${creditsCharged} credits are billed when this reveal ends.`, ...alert };
    case 'charged-for-async-process':
      return { method, creditsCharged, message: `This reveal cost ${creditsCharged} credits.`, ...alert };
    case 'free':
      return { method, message: 'This reveal cost nothing.', ...alert };
    case 'credits-refunded':
      return { method, creditsRefunded, message: `${creditsRefunded} credits were given back.`, ...alert };
  }
}

/** A charge warns below this many credits. */
const fewCredits = 100;

export function lowCreditAlert(availableCredits: number): CreditAlert | undefined {
  if (availableCredits >= fewCredits) return undefined;
  return creditAlert(availableCredits, `Only ${availableCredits} credits are left.`);
}

export function outOfCreditsAlert(availableCredits: number): CreditAlert {
  return creditAlert(availableCredits, 'There are not enough credits left.');
}

function creditAlert(availableCredits: number, message: string): CreditAlert {
  return { getMoreCreditsUrl: 'https://billing.example.com/credits', message, availableCredits };
}
