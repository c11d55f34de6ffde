import { listNameForm } from '../../lambdas/contract.ts';
import { UsageError } from '../usage-error.ts';
import type { ListCommand } from './lists.ts';

const actions = ['results', 'cancel', 'resume', 'erase'] as const;

/**
 * Reads what follows `lists`.
 *
 * @throws UsageError
 */
export function readListCommand(
  [list, action, ...more]: readonly string[],
  { include, 'start-tasks': startTasks }: { include?: string | undefined; 'start-tasks'?: boolean | undefined },
): ListCommand {
  if (list === undefined) throw new UsageError('Give the name of a list: npm run reveal -- lists NAME');
  if (!listNameForm.pattern.test(list)) {
    throw new UsageError(
      `This is no name of a list: it has ${listNameForm.says}, and starts with a letter or a digit.`,
    );
  }
  if (more.length > 0 || !isAction(action)) {
    throw new UsageError(`lists NAME takes ${actions.join(', ')}, or nothing to be told how it stands.`);
  }
  if (include !== undefined && action !== 'results') throw new UsageError('--include is for lists NAME results.');
  if (startTasks && action !== 'resume') throw new UsageError('--start-tasks is for lists NAME resume.');
  return { name: 'lists', list, action, include, ...(startTasks && { startTasks }) };
}

function isAction(text: string | undefined): text is ListCommand['action'] {
  return text === undefined || actions.some((action) => action === text);
}
