import type { EnvName } from '../contract.ts';
import { MissingConfiguration } from '../reveal/errors.ts';

/** Reads what the construct configured. A variable that is not there, or is not what it should be, names itself. */
export class Environment {
  readonly #variables: Readonly<Record<string, string | undefined>>;

  constructor(variables: Readonly<Record<string, string | undefined>>) {
    this.#variables = variables;
  }

  text(name: EnvName): string {
    const value = this.#variables[name];
    if (!value) throw new MissingConfiguration(name, 'is not set');
    return value;
  }

  /** Undefined where the construct has not set it. */
  optional(name: EnvName): string | undefined {
    return this.#variables[name] || undefined;
  }

  /**
   * Where to look for a proxy, if Node is told to use one.
   * @see https://nodejs.org/api/cli.html#node_use_env_proxy1
   */
  get proxy(): Readonly<Record<string, string | undefined>> | undefined {
    return this.#variables.NODE_USE_ENV_PROXY === '1' ? this.#variables : undefined;
  }

  /** A number greater than zero. */
  positive(name: EnvName): number {
    const value = Number(this.text(name));
    if (!(value > 0)) throw new MissingConfiguration(name, 'is not a number greater than zero');
    return value;
  }
}
