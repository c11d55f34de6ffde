import type { NewTask } from '../../local/fiber/index.ts';
import type { Answering } from '../support/webhook-receiver.ts';
import type { Cell } from './cell.ts';
import type { Fault } from './fault.ts';
import type { Lab } from './lab.ts';

/** What a cell may do to the relay and its receiver, while the one is to tell the other. */
export interface WebhookScene {
  readonly lab: Lab;
  readonly taskId: string;
  /** Puts another secret in place of the one that signs. */
  rotateSecret(): void;
  erase(): Promise<void>;
}

/** One cell around the delivery of a webhook, and what must have come of it once everything is calm again. */
export interface WebhookCell extends Pick<Cell, 'group' | 'row' | 'column' | 'quick' | 'setting'> {
  /** @default a task that is done at once */
  readonly task?: NewTask;
  readonly faults?: readonly Fault[];
  /** What the receiver does with the first requests. @default takes them */
  readonly answers?: readonly Answering[] | ((scene: WebhookScene) => readonly Answering[]);
  /** What it does with all that come after those. @default takes them */
  readonly afterwards?: Answering;
  /** What happens before the reveal is started. @returns what is to happen once it has ended */
  readonly before?: (scene: WebhookScene) => Promise<(() => Promise<void>) | undefined>;
  /** Whether the receiver has it, or the dead letters. @default 'taken' */
  readonly ends?: 'taken' | 'laid-aside' | 'either';
  /** The most requests that the receiver may see. @default as many as attempts are stated */
  readonly requests?: number;
  /** Whether what is taken has no contact data in it any more. @default false */
  readonly isErased?: boolean;
}
