import { expect, it } from 'vitest';
import { jsonObject } from '../../cli/json-object.ts';

it('reads an object, with what is in it', () => {
  expect(jsonObject('{"a":{"b":[1]}}')).toEqual({ a: { b: [1] } });
});

it.each(['', '{', 'null', '[]', '"text"', '7', '<html>'])('takes %j for none', (text) => {
  expect(jsonObject(text)).toBeUndefined();
});
