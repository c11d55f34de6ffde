import type { Definition, StateDefinition } from './definition.ts';

/** `$$.State` of the context object, of the state that the execution is in. */
export interface CurrentState {
  Name: string;
  EnteredTime: string;
  RetryCount: number;
}

/**
 * The definition as one execution sees it: like the original, but it notes which state is entered, so that `$$.State`
 * can be told, which the interpreter leaves to its user.
 */
export function perExecution(definition: Definition, input: unknown, now: () => number) {
  const state: CurrentState = { Name: '', EnteredTime: '', RetryCount: 0 };
  const states = withFalsyInput(definition, input);
  const noting = new Proxy(states, {
    get(target, name) {
      if (typeof name === 'string' && Object.hasOwn(target, name)) {
        Object.assign(state, { Name: name, EnteredTime: new Date(now()).toISOString(), RetryCount: 0 });
      }
      return Reflect.get(target, name);
    },
  });
  const countAttempt = () => {
    state.RetryCount += 1;
  };
  return { definition: { ...definition, States: noting }, state, countAttempt };
}

/**
 * The interpreter takes `$` for missing when the whole input is null, false, 0 or empty text, and fails the execution
 * before its first state. On AWS these are inputs like any other, so there the value is written in place of the path.
 */
function withFalsyInput(definition: Definition, input: unknown): Readonly<Record<string, StateDefinition>> {
  if (input) return definition.States;
  const start = definition.StartAt;
  return Object.fromEntries(
    Object.entries(definition.States).map(([name, state]) => {
      const paths = name === start ? ['$', '$$.Execution.Input'] : ['$$.Execution.Input'];
      return [
        name,
        { ...state, ...(state.Parameters !== undefined && { Parameters: fill(state.Parameters, paths, input) }) },
      ];
    }),
  );
}

function fill(template: unknown, paths: readonly string[], value: unknown): unknown {
  if (Array.isArray(template)) return template.map((item) => fill(item, paths, value));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, item]) =>
      key.endsWith('.$') && paths.includes(String(item)) ? [key.slice(0, -2), value] : [key, fill(item, paths, value)],
    ),
  );
}
