import { createInterface } from 'node:readline';

/** Asks somebody, who may say nothing: then the answer is empty. */
export type Ask = (question: string) => Promise<string>;

/** Asks on a terminal. Ctrl-C and Ctrl-D say nothing. */
export function askOn(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Ask {
  return (question) =>
    new Promise((answered) => {
      const lines = createInterface({ input, output });
      lines.once('SIGINT', () => lines.close());
      lines.once('close', () => answered(''));
      lines.question(question, (answer) => {
        answered(answer);
        lines.close();
      });
    });
}
