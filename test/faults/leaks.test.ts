import { describe, expect, it } from 'vitest';
import { leaksIn } from './leaks.ts';

const email = 'ada.lovelace+1@example.com';
const address = 'https://www.linkedin.com/in/ada';

describe('the search for leaks', () => {
  it.each([
    ['as it is', email],
    ['in another case', email.toUpperCase()],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ email }))],
    ['with its slashes escaped', `{"url":"${address.replaceAll('/', '\\/')}"}`],
    ['in Unicode escapes', [...email].map((character) => `\\u00${character.charCodeAt(0).toString(16)}`).join('')],
    ['in a URL', `?email=${encodeURIComponent(email)}`],
    ['in a URL in a URL', encodeURIComponent(`?email=${encodeURIComponent(email)}`)],
    ['in hex', Buffer.from(`{"email":"${email}"}`).toString('hex')],
  ])('finds it %s', (_how, text) => {
    expect(leaksIn({ 'a log': `before ${text} after` }, [email, address])).not.toEqual([]);
  });

  it.each([0, 1, 2, 3, 4, 5])('finds it in base64, wherever in the text it is: after %i bytes', (offset) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      const text = Buffer.from(`${'x'.repeat(offset)}${email}, and more`).toString(encoding);
      expect(leaksIn({ 'a log': text }, [email])).not.toEqual([]);
    }
  });

  it('finds nothing where there is nothing, and says where it found what', () => {
    expect(leaksIn({ 'a log': 'somebody@example.com' }, [email])).toEqual([]);
    expect(leaksIn({ 'a log': '', 'an event': email }, [email])).toContainEqual({
      where: 'an event',
      plant: email,
      encoding: 'plain',
    });
  });
});
