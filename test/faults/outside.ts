import type { Lab } from './lab.ts';

/** Everything that a cell leaves behind outside the reveals table, by where it is: no contact data and no key may be in it. */
export async function outsideTheTable(
  lab: Lab,
  executionArns: readonly string[],
  from: { readonly logs: number; readonly events: number },
): Promise<Record<string, string>> {
  const { relay, logs } = lab.test;
  return {
    'a log': logs
      .slice(from.logs)
      .map(({ line }) => line)
      .join('\n'),
    'an execution': JSON.stringify(
      executionArns.map((arn) => lab.executions().find((execution) => execution.arn === arn)),
    ),
    'a history': JSON.stringify(executionArns.map((arn) => relay.history(arn))),
    'an event': JSON.stringify(relay.events.slice(from.events)),
    'a dead letter': JSON.stringify(lab.letters()),
    'the budgets': JSON.stringify(await lab.budget()),
    'the template': lab.template,
  };
}
