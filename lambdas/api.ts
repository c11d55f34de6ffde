import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SharedItem } from './aws/budgets/shared-item.ts';
import { Deliveries } from './aws/deliveries.ts';
import { Executions } from './aws/executions.ts';
import { RelayItem } from './aws/relay-item.ts';
import { ListMembers } from './aws/reveals/list-members.ts';
import { PaidStarts } from './aws/reveals/paid-starts.ts';
import { RevealRecords } from './aws/reveals/reveal-records.ts';
import { RevealsList } from './aws/reveals/reveals-list.ts';
import { RevealsTable } from './aws/reveals/reveals-table.ts';
import { answeringClientOptions } from './aws/sdk.ts';
import { budgetKey } from './contract.ts';
import { limits } from './http/api-schema.ts';
import { answerBatch } from './http/batch.ts';
import { answerGo, answerPause, answerStarts } from './http/braking.ts';
import { answerCancel, answerErase, answerErasure } from './http/ending.ts';
import { httpApi } from './http/http-api.ts';
import { answerList } from './http/lists/listing.ts';
import { answerCount, answerResults } from './http/lists/lists.ts';
import {
  answerCancelList,
  answerCancelMany,
  answerEraseList,
  answerEraseMany,
  answerResumeList,
  answerResumeMany,
} from './http/lists/many.ts';
import { answerReread } from './http/rereading.ts';
import { answerShow } from './http/showing.ts';
import { answerResume, answerStart } from './http/starting.ts';
import { answerWithVendorAnswer } from './http/vendor-answer.ts';
import { dynamoDB, eventBridge, stepFunctions } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { capOfDay, settlement } from './runtime/wiring.ts';
import { RevealStarter } from './usecases/starting/start.ts';

/** The HTTP API. Its routes are in `apiRoutes`, what they take and answer in `http/api-schema.ts`. */
export const handler = relayHandler('api', ({ settings, now, log }) => {
  const table = settings.revealsTable;
  const documents = dynamoDB(answeringClientOptions);
  const reveals = new RevealsTable(table, documents);
  const executions = new Executions(settings.stateMachine, stepFunctions(answeringClientOptions));
  const relayItem = new RelayItem(table, { documents, now });
  const { retentionDays, keyShare: share, interactiveShare } = settings;
  const shares = { share, interactiveShare };
  const lists = new ListMembers(table, { documents, now, retentionDays });
  const relay = {
    reveals,
    relay: relayItem,
    capOfDay: () => capOfDay(settings, { documents, now }),
    executions,
    settlement: settlement(settings, { reveals, documents, events: eventBridge(answeringClientOptions), now }),
    retentionDays,
    now,
    sleep,
    callLater: (callback: () => void, ms: number) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    newClaimant: randomUUID,
    list: new RevealsList(table, documents),
    mostWaitSeconds: settings.apiWaiting === 'off' ? 0 : limits.waitSeconds,
    budget: new SharedItem(settings.budgetTable, budgetKey.budget, documents),
    startBudget: new SharedItem(settings.budgetTable, budgetKey.starts, documents),
    lists,
    records: new RevealRecords(table, documents),
    limits: {
      polls: { perMinute: settings.pollsPerMinute, ...shares },
      starts: { perMinute: settings.startsPerMinute, ...shares },
    },
    durations: new SharedItem(settings.budgetTable, budgetKey.durations, documents),
    starter: new RevealStarter({ reveals, executions, relay: relayItem, lists, now }),
    starts: new PaidStarts(table, documents),
    deliveries: settings.webhookNames === undefined ? undefined : new Deliveries(table, documents),
  };

  return httpApi(
    {
      'POST /reveals': (request) => answerStart(request, relay),
      'GET /reveals': (request) => answerList(request, relay),
      'POST /reveals/batch': (request, context) => answerBatch(request, context, relay),
      'GET /reveals/{id}': (request, context) => answerShow(request, context, relay),
      'DELETE /reveals/{id}': (request) => answerCancel(request, relay),
      'POST /reveals/{id}/resume': (request) => answerResume(request, relay),
      'GET /reveals/{id}/answer': (request) => answerWithVendorAnswer(request, relay),
      'POST /reveals/{id}/reread': (request) => answerReread(request, relay),
      'DELETE /reveals/{id}/result': (request) => answerErase(request, relay),
      'POST /reveals/cancel': (request, context) => answerCancelMany(request, context, relay),
      'POST /reveals/resume': (request, context) => answerResumeMany(request, context, relay),
      'POST /reveals/erase': (request, context) => answerEraseMany(request, context, relay),
      'POST /erasures': (request) => answerErasure(request, relay),
      'GET /lists/{name}': (request) => answerCount(request, relay),
      'GET /lists/{name}/results': (request) => answerResults(request, relay),
      'POST /lists/{name}/cancel': (request, context) => answerCancelList(request, context, relay),
      'POST /lists/{name}/resume': (request, context) => answerResumeList(request, context, relay),
      'POST /lists/{name}/erase': (request, context) => answerEraseList(request, context, relay),
      'GET /starts': () => answerStarts(relay),
      'POST /starts/pause': () => answerPause(relay),
      'POST /starts/go': () => answerGo(relay),
    },
    { log, now },
  );
});
