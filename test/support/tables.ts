import { type LocalTables, startTables } from '../../local/services/tables.ts';
import { LocalStack } from '../../local/template/template.ts';
import { testAssembly } from './assembly.ts';

/** The template's tables on dynalite, in memory, and an environment in which SDK clients find them. */
export async function startTestTables(): Promise<LocalTables & { reveals: string; pollBudget: string }> {
  const { stackName, template } = await testAssembly();
  const stack = new LocalStack(stackName, template);
  const tables = await startTables(stack);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: tables.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  const named = (part: string) => {
    const table = stack.ofType('AWS::DynamoDB::GlobalTable').find(({ reference }) => reference.includes(part));
    if (!table) throw new Error(`no table ${part} in the template`);
    return table.reference;
  };
  return { ...tables, reveals: named('Reveals'), pollBudget: named('PollBudget') };
}
