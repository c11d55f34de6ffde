import { setTimeout as sleep } from 'node:timers/promises';
import { Executions } from './aws/executions.ts';
import { RevealsList } from './aws/reveals-list.ts';
import { RevealsTable } from './aws/reveals-table.ts';
import { answeringClientOptions } from './aws/sdk.ts';
import { SharedItem } from './aws/shared-item.ts';
import { budgetKey, type Reason } from './contract.ts';
import { answerCancel, answerErase } from './http/ending.ts';
import { answer, list, show } from './http/reading.ts';
import { readAgain } from './http/rereading.ts';
import { httpApi } from './http/router.ts';
import { resume, start, startBatch } from './http/starting.ts';
import { pausedBecause } from './polling/breaker.ts';
import { dynamoDB, eventBridge, stepFunctions } from './runtime/clients.ts';
import { type LambdaContext, relayHandler } from './runtime/relay-handler.ts';
import { settlement } from './runtime/wiring.ts';
import { Door } from './usecases/start.ts';

/** What is left of the handler's time when a batch is answered as far as it is. */
const spareMs = 3_000;
/** Where the time is not known: less than the 30 s after which API Gateway gives up. */
const usualMs = 20_000;

/** The HTTP API. Its routes are in `apiRoutes`, what they take and answer in `http/api-schema.ts`. */
export const handler = relayHandler('api', ({ settings, now, log }) => {
  const table = settings.revealsTable;
  const documents = dynamoDB(answeringClientOptions);
  const reveals = new RevealsTable(table, documents);
  const executions = new Executions(settings.stateMachine, stepFunctions(answeringClientOptions));
  const budget = new SharedItem(settings.budgetTable, budgetKey.budget, documents);
  const relay = {
    reveals,
    executions,
    settlement: settlement(settings, { reveals, events: eventBridge(answeringClientOptions), now }),
    retentionDays: settings.retentionDays,
    now,
    sleep,
    list: new RevealsList(table, documents),
    pausedBecause: async () => pausedBecause(await budget.read()) as Reason | undefined,
    door: new Door({ reveals, executions, now }),
  };
  const timeFor = ({ getRemainingTimeInMillis: remaining }: LambdaContext) =>
    now() + (remaining ? remaining() - spareMs : usualMs);

  return httpApi(
    {
      'POST /reveals': (request) => start(request, relay),
      'GET /reveals': (request) => list(request, relay),
      'POST /reveals/batch': (request, _id, context) => startBatch(request, timeFor(context), relay),
      'GET /reveals/{id}': (request, id) => show(request, id, relay),
      'DELETE /reveals/{id}': (_request, id) => answerCancel(id, relay),
      'POST /reveals/{id}/resume': (request, id) => resume(request, id, relay),
      'GET /reveals/{id}/answer': (_request, id) => answer(id, relay),
      'POST /reveals/{id}/reread': (_request, id) => readAgain(id, relay),
      'DELETE /reveals/{id}/result': (_request, id) => answerErase(id, relay),
    },
    { log, now },
  );
});
