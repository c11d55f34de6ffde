import type { Assembly } from '../../local/template/assembly.ts';
import type { CommandContext } from '../command-context.ts';
import type { Ask } from './question.ts';

/** For a command that runs the relay. */
export interface EmbeddedContext extends CommandContext {
  /** What to run. @default - synthesised anew */
  readonly assembly?: Assembly;
  /** Asks whoever sits there. @default - nobody does */
  readonly ask?: Ask;
}
