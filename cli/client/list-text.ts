import { credits, type Field, fieldLines } from '../fields.ts';
import { inLines } from '../in-lines.ts';
import { plain } from '../plain-text.ts';
import { describeProblem, type Json } from './client-text.ts';

const order = ['running', 'completed', 'failed', 'timed-out', 'cancelled', 'errored', 'gone'];

/** How a list stands, as a person reads it. @param width of the terminal, if it is one */
export function describeCounts(counts: Json, width?: number): string {
  const { list, members, statuses, waitingToStart, nothingFound, erased, startUnknown } = counts;
  const { secondsLeft, pausedBecause, creditsCharged, creditsRefunded } = counts;
  const more: Record<string, string | false> = {
    running: Number(waitingToStart) > 0 && `${waitingToStart} of them not started yet`,
    completed: Number(nothingFound) > 0 && `${nothingFound} of them found nothing`,
    gone: 'their records have expired',
  };
  const fields: Field[] = [
    ...statusFields(statuses, more),
    ['erased', Number(erased) > 0 ? erased : undefined],
    ['to decide', Number(startUnknown) > 0 ? `${startUnknown}: nobody knows whether they were paid for` : undefined],
    ['cost', credits({ creditsCharged, ...(Number(creditsRefunded) > 0 && { creditsRefunded }) })],
    ['paused', pausedBecause],
    ['left', typeof secondsLeft === 'number' && secondsLeft > 0 ? about(secondsLeft) : undefined],
  ];
  const heading = `${list}: ${members} ${members === 1 ? 'reveal' : 'reveals'}`;
  return [plain(heading), ...fieldLines(fields, width)].join('\n').concat('\n');
}

/** What has become of all, and whom it has left as they are. @param width of the terminal, if it is one */
export function describeManyDone({ list, done, statuses, erased, refused }: Json, width?: number): string {
  const left = (refused as Json[]).flatMap(({ revealId, problem }) => {
    const { status } = problem as Json;
    return inLines(plain(`${revealId}: ${describeProblem(Number(status), problem as Json).trimEnd()}`), width);
  });
  const fields: Field[] = [...statusFields(statuses, {}), ['erased', Number(erased) > 0 ? erased : undefined]];
  return [...left, plain(`${list}: ${done} done, ${left.length} left as they are`), ...fieldLines(fields, width)]
    .join('\n')
    .concat('\n');
}

function statusFields(statuses: unknown, more: Readonly<Record<string, string | false>>): Field[] {
  const found = statuses as Json;
  return order.map((status) => {
    const note = more[status];
    return [status, found[status] === undefined ? undefined : `${found[status]}${note ? ` (${note})` : ''}`];
  });
}

/** A guess is not told to the second. */
function about(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  return `about ${Math.round(minutes / 30) / 2} hours`;
}
