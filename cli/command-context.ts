import type { Screen } from './progress.ts';

/** What a command is given by the process that it runs in. */
export interface CommandContext {
  /** The arguments behind the command's name. */
  readonly given: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** Those of this process. Called once, by an entry point. */
export function ownContext(): CommandContext {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  const { argv, env: environment, stdout, stderr } = process;
  // The SDK warns on Node 20 of versions of itself that are not installed: nobody who runs a command can do anything about those.
  environment.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return { given: argv.slice(2), environment, stdout, stderr, interrupted: interruption.signal };
}
