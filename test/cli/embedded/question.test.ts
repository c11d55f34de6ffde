import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askOn } from '../../../cli/embedded/question.ts';

function terminal() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { input, output, answered: askOn(input, output)('Start it? ') };
}

it('asks, and takes the line that comes', async () => {
  const { input, output, answered } = terminal();
  input.write('yes\n');
  expect(await answered).toBe('yes');
  expect(String(output.read())).toBe('Start it? ');
});

it('takes it for no answer when there is none to come', async () => {
  const { input, answered } = terminal();
  input.end();
  expect(await answered).toBe('');
});
