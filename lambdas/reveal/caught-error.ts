import * as z from 'zod/mini';

const caught = z.looseObject({ Error: z.string() });
/** What AWS itself calls its errors; a handler's own have no dot. */
const awsName = /^(Lambda|States|Runtime|Sandbox|Function)\.\w{1,60}$/;

const noConcurrency = new Set(['Lambda.TooManyRequestsException', 'Lambda.EC2ThrottledException']);
const tooSlow = new Set(['States.Timeout', 'Sandbox.Timedout', 'Lambda.ClientExecutionTimeoutException']);

/**
 * Why a step came to nothing, if it was AWS that did not run it or cut it off: then the handler's log says nothing of it. The name of the
 * error is all that is read; its cause may hold anything.
 *
 * @param state what Step Functions hands over for an error that it caught
 */
export function causeOfCaught(state: unknown): string | undefined {
  const name = caught.safeParse(state).data?.Error;
  if (name === undefined || !awsName.test(name)) return undefined;
  return `${whatHappened(name)} Start the reveal again.`;
}

function whatHappened(name: string): string {
  if (noConcurrency.has(name)) {
    return `Lambda had no concurrency left for a step, for too long (${name}): raise the account's limit, or start fewer reveals at once.`;
  }
  if (tooSlow.has(name)) return `A step did not answer in time, again and again (${name}).`;
  return `AWS could not run a step, or cut it off (${name}): the log of the function says so too, in Lambda's own lines.`;
}
