export type Json = Readonly<Record<string, unknown>>;

/** What the API answered. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** As much of a client of the API as this command needs. */
export interface Relay {
  call(method: string, path: string, body?: object, key?: string): Promise<Answer>;
}

/** The relay said no, or nothing for too long. The message says what to do. */
export class RelayError extends Error {
  override readonly name = 'RelayError';
}
