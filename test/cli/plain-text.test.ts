import { expect, it } from 'vitest';
import { plain } from '../../cli/plain-text.ts';

it('leaves text as it is, whatever its script', () => {
  expect(plain('Jörg 😀 李')).toBe('Jörg 😀 李');
});

it('takes out what could move a cursor, paint, or begin a new line', () => {
  expect(plain('a\u001b[31mb\r\nc\u009bd\u007f')).toBe('a?[31mb??c?d?');
});
