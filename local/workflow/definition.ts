import { TemplateError } from '../template/template.ts';

export interface StateDefinition {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Seconds?: number;
  readonly Parameters?: unknown;
  readonly Choices?: readonly unknown[];
  readonly Assign?: unknown;
  readonly [field: string]: unknown;
}

export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateDefinition>>;
  readonly TimeoutSeconds?: number;
  readonly QueryLanguage?: string;
}

/** What Node's timers can wait, and with them the interpreter: 24.8 days. */
const longestSeconds = 2_147_483;

/**
 * Refuses what the interpreter would silently run in another way than AWS. Each of these was seen to happen with
 * aws-local-stepfunctions 3.0.0; for a definition that passes, both do the same.
 *
 * @param knownFunctions ARNs of the functions that there is a handler for
 * @throws TemplateError naming the state machine, the state and the reason
 */
export function checkDefinition(logicalId: string, definition: Definition, knownFunctions: ReadonlySet<string>): void {
  const refuse = (where: string, what: string) => {
    throw new TemplateError(`${logicalId} (AWS::StepFunctions::StateMachine): ${where} ${what}.`);
  };
  if ((definition.QueryLanguage ?? 'JSONPath') !== 'JSONPath') {
    refuse(
      'the definition',
      `is in ${definition.QueryLanguage}, which the interpreter would run as if it were JSONPath`,
    );
  }
  if ((definition.TimeoutSeconds ?? 0) > longestSeconds) refuse('TimeoutSeconds', `is longer than ${longestSeconds} s`);

  for (const [name, state] of Object.entries(definition.States)) {
    const where = `the state ${name}`;
    if (!['Task', 'Choice', 'Wait', 'Pass', 'Succeed', 'Fail'].includes(state.Type)) {
      refuse(where, `is a ${state.Type} state, for which there is no adapter`);
    }
    if ((state.QueryLanguage ?? 'JSONPath') !== 'JSONPath') refuse(where, 'is not in JSONPath');
    if (state.Assign !== undefined) refuse(where, 'uses Assign, which the interpreter ignores');
    if ((state.Seconds ?? 0) > longestSeconds) refuse(where, `waits longer than ${longestSeconds} s`);
    if (state.Type === 'Task') {
      if (!knownFunctions.has(state.Resource ?? '')) {
        refuse(
          where,
          `calls ${state.Resource}, for which there is no adapter: only functions of the template, by their ARN`,
        );
      }
      if (state.TimeoutSeconds === undefined)
        refuse(where, 'has no TimeoutSeconds: the interpreter would take 60 s for it');
      if (state.HeartbeatSeconds !== undefined) refuse(where, 'has HeartbeatSeconds, which the interpreter ignores');
    }
    for (const choice of state.Choices ?? []) {
      const test = neverTrue(choice);
      if (test) refuse(where, `tests ${test}, which the interpreter never finds true: say it with Not`);
    }
  }
}

/** The first test like `IsPresent: false` in a choice rule, nested ones included. */
function neverTrue(rule: unknown): string | undefined {
  if (typeof rule !== 'object' || rule === null) return undefined;
  for (const [key, value] of Object.entries(rule)) {
    if (key.startsWith('Is') && value === false) return `${key}: false`;
    const nested = neverTrue(value);
    if (nested) return nested;
  }
  return undefined;
}
