import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileOf } from '../../../lambdas/reveal/person/profile.ts';
import { type Refusal, refusals } from '../../../lambdas/reveal/person/profile-refusals.ts';
import { people, refused } from './profile-spellings.ts';

const allSpellings = Object.entries(people).flatMap(([canonical, { spellings }]) =>
  spellings.map((spelling) => [spelling, canonical] as const),
);
const allRefused = Object.entries(refused).flatMap(([refusal, spellings]) =>
  spellings.map((spelling) => [spelling, refusal as Refusal] as const),
);

describe('a profile', () => {
  it.each(allSpellings)('spelled %j is %s', (spelling, canonical) => {
    expect(profileOf(spelling)).toEqual({
      ok: true,
      value: { canonical, linkedinUrl: people[canonical]?.sent },
    });
  });

  it.each(allRefused)('is not named by %j: %s', (spelling, refusal) => {
    expect(profileOf(spelling)).toEqual({ ok: false, problem: refusals[refusal] });
  });

  it('is found in 209 rows, each of which is there once', () => {
    const rows = [...allSpellings, ...allRefused].map(([spelling]) => spelling);
    expect(rows).toHaveLength(209);
    expect(new Set(rows).size).toBe(209);
  });

  it.each([
    ['https://www.linkedin.com/in/ada-example-1/in/ada-example-2', 'two-parts'],
    ['https://www.linkedin.com:0443/in/ada-example-1', 'not-at-linkedin'],
    ['http://www.linkedin.com:443/in/ada-example-1', 'not-at-linkedin'],
    ['https://www.linkedin.com/in/ada\u{ad}example', 'two-parts'],
    ['https://www.linkedin.com/in/ada%E3%85%A4example', 'name'],
    ['https://www.linkedin.com/in/ada\u{200d}example', 'name'],
    ['https://www.linkedin.com/in/\u{1f680}\u{1f680}\u{1f680}', 'name'],
    ['https://www.linkedin.com/in/ada-\ud800-example', 'two-parts'],
    ['https://www.linkedin.com/in/%61%E2%80%A6', 'name'],
    ['constructor://www.linkedin.com/in/ada-example-1', 'not-a-web-address'],
    ['https://www.linkedin.com/constructor/ada-example-1', 'no-profile'],
    [`https://www.linkedin.com/in/ada-example-1?${'x'.repeat(2_000)}`, 'too-long'],
  ] as const)('is not named by %j either: %s', (spelling, refusal) => {
    expect(profileOf(spelling)).toEqual({ ok: false, problem: refusals[refusal] });
  });

  it.each([
    ['((\u{201c}https://www.linkedin.com/in/ada-example-1\u{201d})).', 'in:ada-example-1'],
    ['linkedin.com:443/in/ada-example-1', 'in:ada-example-1'],
    [
      'https://www.linkedin.com/in/ada-\u{1f469}\u{1f3fd}\u{200d}\u{1f4bb}',
      'in:ada-\u{1f469}\u{1f3fd}\u{200d}\u{1f4bb}',
    ],
    ['https://www.linkedin.com/in/ada-\u{1f1ea}\u{1f1fa}', 'in:ada-\u{1f1ea}\u{1f1fa}'],
  ])('spelled %j is %s as well', (spelling, canonical) => {
    expect(profileOf(spelling)).toMatchObject({ value: { canonical } });
  });
});

/** Pieces that addresses are made of, and what breaks them, in any order. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          'https://',
          'http:',
          '//',
          '/',
          '\\',
          'www.',
          'linkedin.com',
          ':443',
          '/in/',
          'in/',
          '/sales/lead/',
          '@',
          '?',
        ],
        ...['urn:li:', 'fsd_profile:', 'member:', '%2C', '%', '%25', '..', '.', ',', ' ', '(', ')', '"', '\u{200b}'],
        ...['ACoAA', 'acwaa', '0'.repeat(34), '123', 'ada', 'Zoe\u{301}', '\u{130}', '\u{1f680}', '\u{200d}', '\ud800'],
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const anyText = fc.oneof(pieces, fc.string({ unit: 'binary' }), fc.string());
const names = fc
  .oneof(fc.string({ unit: 'grapheme', minLength: 3, maxLength: 30 }), fc.string({ unit: 'binary', minLength: 3 }))
  .map((name) => `https://www.linkedin.com/in/${name}`);

describe('the identity of any text', () => {
  it('normalised twice is what it is normalised once', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, names), (text) => {
        const once = profileOf(text);
        if (once.ok) expect(profileOf(once.value.linkedinUrl)).toEqual(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the same after another round for every character that has another case or form', () => {
    const changed: string[] = [];
    for (let code = 0; code <= 0x10_ffff; code += 1) {
      const character = String.fromCodePoint(code);
      if (character.toLowerCase() === character && character.normalize('NFC') === character) continue;
      const once = profileOf(`https://www.linkedin.com/in/a${character}\u{301}z`);
      const canonical = (text: string) => JSON.stringify(profileOf(text));
      if (once.ok && canonical(once.value.linkedinUrl) !== JSON.stringify(once)) changed.push(code.toString(16));
    }
    expect(changed).toEqual([]);
  });

  it('is one or none: nothing is thrown, and a refusal is one of the fixed texts', () => {
    const texts: readonly string[] = Object.values(refusals);
    fc.assert(
      fc.property(anyText, (text) => {
        const profile = profileOf(text);
        if (!profile.ok) expect(texts).toContain(profile.problem);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is never repeated by a refusal', () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        const profile = profileOf(`${before}grace-planted-7${after}`);
        if (!profile.ok) expect(profile.problem).not.toMatch(/grace-planted-7/i);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is a name of plain letters however it is wrapped', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9-]{5,20}[a-z0-9]$/),
        fc.constantFrom('', 'https://', 'http://', '//'),
        fc.constantFrom('', 'www.', 'de.', 'm.'),
        fc.constantFrom('', '/', '/?trk=x', '#top', '/details/skills/'),
        fc.constantFrom(['', ''], ['<', '>'], ['"', '"'], ['(', ')'], [' \t', '\n'], ['\u{feff}', '.']),
        (name, scheme, host, tail, [open, close]) => {
          const profile = profileOf(`${open}${scheme}${host}linkedin.com/in/${name.toUpperCase()}${tail}${close}`);
          expect(profile).toMatchObject({ value: { canonical: `in:${name}` } });
        },
      ),
    );
  });
});
