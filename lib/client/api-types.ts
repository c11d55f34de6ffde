/** Made from docs/openapi.json by `npm run openapi`: change the schemas of the API, and run it again. */

export type StartReveal =
  | {
      taskId: string;
      find?: ('work-emails' | 'personal-emails' | 'phone-numbers')[];
      maxAge?: number;
      ifMissing?: 'report' | 'start';
      list?: string;
      position?: number;
      priority?: 'interactive' | 'bulk';
      reference?: string;
      custom?: {
        [k: string]: string | number | boolean;
      };
      ifDifferent?: 'attach' | 'refuse';
    }
  | {
      linkedinUrl: string;
      find?: ('work-emails' | 'personal-emails' | 'phone-numbers')[];
      maxAge?: number;
      ifMissing?: 'report' | 'start';
      list?: string;
      position?: number;
      priority?: 'interactive' | 'bulk';
      reference?: string;
      custom?: {
        [k: string]: string | number | boolean;
      };
      ifDifferent?: 'attach' | 'refuse';
    };

export interface Operations {
  startReveal: {
    header?: {
      'Idempotency-Key'?: string;
    };
    body: StartReveal;
    answer: Reveal;
  };
  listReveals: {
    query?: {
      status?: 'running' | 'completed' | 'failed' | 'timed-out' | 'cancelled' | 'errored';
      since?: string;
      cursor?: string;
      limit?: number;
    };
    answer: RevealPage;
  };
  startBatch: {
    header?: {
      'Idempotency-Key'?: string;
    };
    body: StartBatch;
    answer: BatchAnswer;
  };
  getReveal: {
    path: {
      id: string;
    };
    query?: {
      include?: 'lowQualityEmails';
      wait?: number;
    };
    header?: {
      Prefer?: string;
    };
    answer: Reveal;
  };
  cancelReveal: {
    path: {
      id: string;
    };
    answer: Reveal;
  };
  resumeReveal: {
    path: {
      id: string;
    };
    body?: ResumeReveal;
    answer: Reveal;
  };
  getAnswer: {
    path: {
      id: string;
    };
    answer: Uint8Array;
  };
  rereadReveal: {
    path: {
      id: string;
    };
    answer: Reveal;
  };
  eraseReveal: {
    path: {
      id: string;
    };
    answer: Reveal;
  };
  cancelReveals: {
    body?: CancelMany;
    answer: ManyDone;
  };
  resumeReveals: {
    body: ResumeMany;
    answer: ManyDone;
  };
  eraseReveals: {
    body: EraseMany;
    answer: ManyDone;
  };
  erasePerson: {
    body: ErasePerson;
    answer: Reveal;
  };
  getList: {
    path: {
      name: string;
    };
    query?: {
      cursor?: string;
    };
    answer: List;
  };
  getListResults: {
    path: {
      name: string;
    };
    query?: {
      include?: 'lowQualityEmails';
      cursor?: string;
      limit?: number;
    };
    answer: ListResults;
  };
  cancelList: {
    path: {
      name: string;
    };
    body?: GoOn;
    answer: ManyDone;
  };
  resumeList: {
    path: {
      name: string;
    };
    body?: ResumeList;
    answer: ManyDone;
  };
  eraseList: {
    path: {
      name: string;
    };
    body?: GoOn;
    answer: ManyDone;
  };
  getStarts: {
    answer: Starts;
  };
  pauseStarts: {
    answer: Starts;
  };
  letStartsGo: {
    answer: Starts;
  };
}
export interface Reveal {
  revealId: string;
  status: 'running' | 'completed' | 'failed' | 'timed-out' | 'cancelled' | 'errored';
  reason?: string;
  generation: number;
  priority: 'interactive' | 'bulk';
  reference?: string;
  createdAt: string;
  settledAt?: string;
  erasedAt?: string;
  expiresAt?: string;
  found?: {
    emails: number;
    lowQualityEmails: number;
    phoneNumbers: number;
  };
  custom?: {
    [k: string]: string | number | boolean;
  };
  taskId?: string;
  late?: boolean;
  progress: {
    polls: number;
    vendorStatus?: string;
    lastNegativeAt?: string;
    lastError?: {
      at: string;
      problem: string;
      httpStatus?: number;
    };
    nextPollAt?: string;
    pausedBecause?: string;
    lookAgainAt?: string;
  };
  nothingFound?: boolean;
  unreadable?: number;
  lossy?: boolean;
  failure?: string;
  start?: {
    state: 'waiting' | 'under-way' | 'started' | 'unknown' | 'none';
    find: ('work-emails' | 'personal-emails' | 'phone-numbers')[];
    listPrice?: number;
    startedAt?: string;
    problem?: string;
    creditsCharged?: number;
  };
  linkedinUrl?: string;
  charge?:
    | (
        | {
            method: 'charged-now';
            creditsCharged: number;
            lowCreditAlert?: {
              getMoreCreditsUrl: string;
              message: string;
              availableCredits: number;
              [k: string]: unknown;
            } | null;
            [k: string]: unknown;
          }
        | {
            method: 'charging-later';
            message: string;
            lowCreditAlert?: {
              getMoreCreditsUrl: string;
              message: string;
              availableCredits: number;
              [k: string]: unknown;
            } | null;
            [k: string]: unknown;
          }
        | {
            method: 'charged-for-async-process';
            creditsCharged: number;
            message: string;
            lowCreditAlert?: {
              getMoreCreditsUrl: string;
              message: string;
              availableCredits: number;
              [k: string]: unknown;
            } | null;
            [k: string]: unknown;
          }
        | {
            method: 'free';
            message: string;
            lowCreditAlert?: {
              getMoreCreditsUrl: string;
              message: string;
              availableCredits: number;
              [k: string]: unknown;
            } | null;
            [k: string]: unknown;
          }
        | {
            method: 'credits-refunded';
            creditsRefunded: number;
            message: string;
            lowCreditAlert?: {
              getMoreCreditsUrl: string;
              message: string;
              availableCredits: number;
              [k: string]: unknown;
            } | null;
            [k: string]: unknown;
          }
      )
    | {
        [k: string]: unknown;
      };
  creditsCharged?: number;
  creditsRefunded?: number;
  result?: {
    emails: {
      email: string;
      type?: string | null;
      status?: string | null;
      [k: string]: unknown;
    }[];
    phoneNumbers: {
      number: string;
      type?: string | null;
      [k: string]: unknown;
    }[];
    lowQualityEmails?: {
      email: string;
      type?: string | null;
      status?: string | null;
      [k: string]: unknown;
    }[];
  };
  earlier?: {
    generation: number;
    find: ('work-emails' | 'personal-emails' | 'phone-numbers')[];
    settledAt?: string;
    expiresAt?: string;
    found?: {
      emails: number;
      lowQualityEmails: number;
      phoneNumbers: number;
    };
    result: {
      emails: {
        email: string;
        type?: string | null;
        status?: string | null;
        [k: string]: unknown;
      }[];
      phoneNumbers: {
        number: string;
        type?: string | null;
        [k: string]: unknown;
      }[];
      lowQualityEmails?: {
        email: string;
        type?: string | null;
        status?: string | null;
        [k: string]: unknown;
      }[];
    };
  }[];
  deliveries?: {
    receiver: string;
    event: string;
    eventId: string;
    state: 'trying' | 'delivered' | 'given-up' | 'off';
    attempts: {
      at: string;
      status?: number;
      problem?: string;
    }[];
  }[];
  optionsDiffer?: ('priority' | 'reference')[];
  missing?: ('work-emails' | 'personal-emails' | 'phone-numbers')[];
  ageSeconds?: number;
}
export interface RevealPage {
  reveals: ListedReveal[];
  cursor?: string;
}
export interface ListedReveal {
  revealId: string;
  status: 'running' | 'completed' | 'failed' | 'timed-out' | 'cancelled' | 'errored';
  reason?: string;
  generation: number;
  priority: 'interactive' | 'bulk';
  reference?: string;
  createdAt: string;
  settledAt?: string;
  erasedAt?: string;
  expiresAt?: string;
  found?: {
    emails: number;
    lowQualityEmails: number;
    phoneNumbers: number;
  };
}
export interface StartBatch {
  reveals: StartReveal[];
  find?: ('work-emails' | 'personal-emails' | 'phone-numbers')[];
  maxAge?: number;
  ifMissing?: 'report' | 'start';
  priority?: 'interactive' | 'bulk';
  list?: string;
  position?: number;
  ifDifferent?: 'attach' | 'refuse';
  maxCredits?: number;
  dryRun?: boolean;
}
export interface BatchAnswer {
  dryRun?: boolean;
  started: number;
  attached: number;
  refused: number;
  results: BatchResult[];
}
export interface BatchResult {
  status: number;
  reveal?: {
    revealId: string;
    status: 'running' | 'completed' | 'failed' | 'timed-out' | 'cancelled' | 'errored';
    generation: number;
  };
  wouldStart?: {
    revealId: string;
    credits: number;
  };
  location?: string;
  optionsDiffer?: ('priority' | 'reference')[];
  missing?: ('work-emails' | 'personal-emails' | 'phone-numbers')[];
  ageSeconds?: number;
  problem?: Problem;
}
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  revealId?: string;
  optionsDiffer?: ('priority' | 'reference')[];
}
export interface ResumeReveal {
  priority?: 'interactive' | 'bulk';
  reference?: string;
  startAgain?: true;
  taskId?: string;
}
export interface CancelMany {
  since?: string;
  cursor?: string;
}
export interface ManyDone {
  list?: string;
  done: number;
  left?: number;
  statuses: {
    [k: string]: number;
  };
  erased: number;
  refused: {
    revealId: string;
    problem: Problem;
  }[];
  cursor?: string;
}
export interface ResumeMany {
  status: 'failed' | 'timed-out' | 'cancelled' | 'errored';
  since?: string;
  cursor?: string;
  startTasks?: boolean;
}
export interface EraseMany {
  status?: 'running' | 'completed' | 'failed' | 'timed-out' | 'cancelled' | 'errored';
  since?: string;
  cursor?: string;
}
export interface ErasePerson {
  linkedinUrl: string;
}
export interface List {
  list: string;
  members: number;
  done: number;
  statuses: {
    [k: string]: number;
  };
  waitingToStart: number;
  nothingFound: number;
  erased: number;
  startUnknown: number;
  creditsCharged: number;
  creditsRefunded: number;
  secondsLeft?: number;
  pausedBecause?: string;
  cursor?: string;
}
export interface ListResults {
  results: (
    | Reveal
    | {
        revealId: string;
        gone: true;
      }
  )[];
  cursor?: string;
}
export interface GoOn {
  cursor?: string;
}
export interface ResumeList {
  cursor?: string;
  startTasks?: boolean;
}
export interface Starts {
  paused: boolean;
  pausedBecause?: string;
  credits?: {
    day: string;
    spent: number;
    most: number;
  };
}

/** Where each operation is. */
export const operations = {
  startReveal: { method: 'POST', path: '/reveals' },
  listReveals: { method: 'GET', path: '/reveals' },
  startBatch: { method: 'POST', path: '/reveals/batch' },
  getReveal: { method: 'GET', path: '/reveals/{id}' },
  cancelReveal: { method: 'DELETE', path: '/reveals/{id}' },
  resumeReveal: { method: 'POST', path: '/reveals/{id}/resume' },
  getAnswer: { method: 'GET', path: '/reveals/{id}/answer', bytes: true },
  rereadReveal: { method: 'POST', path: '/reveals/{id}/reread' },
  eraseReveal: { method: 'DELETE', path: '/reveals/{id}/result' },
  cancelReveals: { method: 'POST', path: '/reveals/cancel' },
  resumeReveals: { method: 'POST', path: '/reveals/resume' },
  eraseReveals: { method: 'POST', path: '/reveals/erase' },
  erasePerson: { method: 'POST', path: '/erasures' },
  getList: { method: 'GET', path: '/lists/{name}' },
  getListResults: { method: 'GET', path: '/lists/{name}/results' },
  cancelList: { method: 'POST', path: '/lists/{name}/cancel' },
  resumeList: { method: 'POST', path: '/lists/{name}/resume' },
  eraseList: { method: 'POST', path: '/lists/{name}/erase' },
  getStarts: { method: 'GET', path: '/starts' },
  pauseStarts: { method: 'POST', path: '/starts/pause' },
  letStartsGo: { method: 'POST', path: '/starts/go' },
} as const;
