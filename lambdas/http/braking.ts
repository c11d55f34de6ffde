import {
  type Braking,
  letStartsGo,
  pauseStarts,
  type StandingOfStarts,
  standingOfStarts,
} from '../usecases/starting/brake.ts';
import type { StartsView } from './api-schema.ts';
import type { HttpAnswer } from './problem.ts';

/** `GET /starts`: whether tasks are started, and what they have cost today. */
export async function answerStarts(braking: Braking): Promise<HttpAnswer> {
  return answerOf(await standingOfStarts(braking));
}

/** `POST /starts/pause` */
export async function answerPause(braking: Braking): Promise<HttpAnswer> {
  return answerOf(await pauseStarts(braking));
}

/** `POST /starts/go` */
export async function answerGo(braking: Braking): Promise<HttpAnswer> {
  return answerOf(await letStartsGo(braking));
}

function answerOf(standing: StandingOfStarts): HttpAnswer {
  const body: StartsView = { paused: standing.pausedBecause !== undefined, ...standing };
  return { status: 200, body };
}
