import { expect, it } from 'vitest';
import { isOnThisMachine } from '../../cli/address.ts';

it.each(['http://localhost:8787', 'http://127.0.0.1', 'http://127.8.9.1:1/path', 'https://[::1]:9'])(
  'knows %s as an address of this machine',
  (url) => expect(isOnThisMachine(url)).toBe(true),
);

it.each(['http://localhost.example.com', 'http://128.0.0.1', 'https://api.example.com/127.0.0.1', 'localhost', ''])(
  'takes "%s" for one elsewhere, or for none',
  (url) => expect(isOnThisMachine(url)).toBe(false),
);
