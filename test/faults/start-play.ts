import { outputNames } from '../../lambdas/contract.ts';
import type { RevealRecord } from '../../lambdas/reveal/record.ts';
import type { Fault } from './fault.ts';
import type { Lab } from './lab.ts';
import { profileNamed } from './plants.ts';
import type { StartCell, StartScene } from './start-cell.ts';

const minute = 60_000;
/** A sweep comes round twice, and handlers have forgotten the key that they knew. */
const calmMs = 11 * minute;
const firstLookMs = 21 * minute;
const longestMs = 26 * 60 * minute;

/** What a cell came to, once everything was calm again. */
export interface PlayedStart {
  readonly cell: StartCell;
  readonly slug: string;
  readonly linkedinUrl: string;
  readonly revealId: string;
  readonly executionArns: readonly string[];
  /** Faults that nothing has met: then the cell shows nothing. */
  readonly unmet: readonly Fault[];
  readonly from: { readonly logs: number; readonly events: number; readonly charges: number };
}

let played = 0;

/** Plays one cell to its end: until its reveal is settled and announced, and the sweeper has been there since. */
export async function playStart(lab: Lab, cell: StartCell): Promise<PlayedStart> {
  const { relay, logs } = lab.test;
  const from = { logs: logs.length, events: relay.events.length, charges: lab.charges.length };
  await lab.forget();
  const { slug, linkedinUrl } = profileNamed(cell.scenario ?? 'quick', `${process.pid}x${++played}`);
  const scene = new Scene(lab, linkedinUrl);
  lab.between.arm(typeof cell.faults === 'function' ? cell.faults(scene) : (cell.faults ?? []));
  await (cell.play ?? usualPlay)(scene);
  const unmet = lab.between.disarm();
  await calm(lab, scene.revealId);
  const executionArns = executionsOf(lab, scene.revealId);
  return { cell, slug, linkedinUrl, revealId: scene.revealId, executionArns, unmet, from };
}

async function usualPlay({ ask, ended }: StartScene): Promise<void> {
  await ask();
  await ended();
}

class Scene implements StartScene {
  readonly lab: Lab;
  readonly #linkedinUrl: string;
  #revealId = '';

  constructor(lab: Lab, linkedinUrl: string) {
    this.lab = lab;
    this.#linkedinUrl = linkedinUrl;
  }

  get revealId(): string {
    return this.#revealId;
  }

  readonly ask: StartScene['ask'] = async (body = {}, headers = {}) => {
    const answer = await this.lab.ask('POST', '/reveals', { linkedinUrl: this.#linkedinUrl, ...body }, headers);
    if (answer.status >= 300) throw new Error(`POST /reveals was answered ${JSON.stringify(answer)}`);
    this.#revealId = String(answer.body.revealId);
    return answer;
  };

  readonly stop = () => {
    const [first] = executionsOf(this.lab, this.#id()).slice(-1);
    if (first) this.lab.stop(first);
  };

  readonly startTaskAgain: StartScene['startTaskAgain'] = async (times = 1) => {
    const { relay } = this.lab.test;
    const [executionArn = ''] = executionsOf(this.lab, this.#id()).slice(-1);
    const entered = relay
      .history(executionArn)
      .findLast((event) => event.type === 'StateEntered' && (event.state as { name?: string }).name === 'StartTask');
    if (!entered) throw new Error('StartTask was never entered');
    const { input: state } = entered.state as { input: unknown };
    const call = { state, executionArn, input: { revealId: this.#id() } };
    await Promise.all(Array.from({ length: times }, () => relay.handlers.get('StartTask')?.invoke(call)));
  };

  readonly secondExecution = async () => {
    await this.lab.test.relay.startReveal({ revealId: this.#id() });
  };

  readonly ended = async () => {
    for (const arn of executionsOf(this.lab, this.#revealId)) await this.lab.test.relay.ended(arn);
  };

  /** An execution may be on its way before whoever asked for it has heard of it: the input of the newest says. */
  #id(): string {
    if (this.#revealId !== '') return this.#revealId;
    const [newest] = this.lab.executions();
    return String((JSON.parse(newest?.input ?? '{}') as { revealId?: string }).revealId);
  }
}

async function calm(lab: Lab, revealId: string): Promise<void> {
  const until = lab.test.clock.now() + longestMs;
  while (!(await isSettled(lab, revealId))) {
    if (lab.test.clock.now() > until) {
      const record = JSON.stringify(await lab.test.relay.record(revealId));
      throw new Error(`${lab.test.relay.outputs[outputNames.revealsTable]}: ${record} has not come to rest`);
    }
    await lab.pass(minute);
  }
  const record = await lab.test.relay.record(revealId);
  await lab.pass(record?.lookAgainAt ? firstLookMs : calmMs);
}

async function isSettled(lab: Lab, revealId: string): Promise<boolean> {
  const record = (await lab.test.relay.record(revealId)) as RevealRecord | undefined;
  const isRunning = lab.executions().some(({ status }) => status === 'RUNNING');
  return !isRunning && record !== undefined && record.status !== 'running' && record.publishedAt !== undefined;
}

function executionsOf(lab: Lab, revealId: string): string[] {
  return lab
    .executions()
    .filter(({ input }) => input.includes(`"${revealId}"`))
    .map(({ arn }) => arn);
}
