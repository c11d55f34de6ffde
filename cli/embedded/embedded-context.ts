import type { Assembly } from '../../local/template/assembly.ts';
import type { CommandContext } from '../command-context.ts';

/** For a command that runs the relay. */
export interface EmbeddedContext extends CommandContext {
  /** What to run. @default - synthesised anew */
  readonly assembly?: Assembly;
}
