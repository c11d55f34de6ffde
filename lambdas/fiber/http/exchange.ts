import type { RawAnswer, UnusableProblem } from '../vendor-answer.ts';
import type { VendorResponse } from './vendor-response.ts';

export interface VendorRequest {
  method: 'GET' | 'POST';
  /** Below the vendor's address, with a slash before it. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  /** JSON. */
  body?: string;
}

/** What became of a request: an answer, whatever it says, or why there is none. */
export type Exchange = { kind: 'answered'; response: VendorResponse } | Broken;

export interface Broken {
  kind: 'broken';
  problem: UnusableProblem;
  /** Whether a connection was made. Until then nothing of the request leaves; after that nobody knows how much has arrived. */
  isConnected: boolean;
  /** Whether the answer came to its end, in a coding that cannot be undone. */
  isWhole: boolean;
  /** If the answer came as far as its status. */
  httpStatus?: number;
  /** What had come of the body: its beginning, perhaps still in its coding. */
  beginning?: RawAnswer;
}

type Headers = VendorResponse['headers'];

/** As much of an answer that broke off as is kept: whoever looks for an id in it finds it at the beginning. */
const keptBytes = 64 * 1024;

export function rawAnswer(bytes: Uint8Array, headers: Headers): RawAnswer {
  const contentType = headers['content-type'];
  return { bytes, ...(typeof contentType === 'string' && { contentType }) };
}

/** What there is of an answer that cannot be read to its end. */
export function begun(httpStatus: number, headers: Headers, body: Buffer): Pick<Broken, 'httpStatus' | 'beginning'> {
  return { httpStatus, ...(body.length > 0 && { beginning: rawAnswer(body.subarray(0, keptBytes), headers) }) };
}

/** Ends a request that is given up, with the word for why. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
  readonly problem: UnusableProblem;

  constructor(problem: UnusableProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** The one word for what ended a request: Node names what its HTTP parser refuses `HPE_…`. */
export function problemOf(error: Error | undefined, isConnected: boolean): UnusableProblem {
  if (error instanceof Unusable) return error.problem;
  const { code = '' } = (error ?? {}) as NodeJS.ErrnoException;
  if (code.startsWith('HPE_')) return 'bad-response';
  return isConnected ? 'cut-off' : 'no-connection';
}
