import type { Plants } from './plants.ts';

/** A place where a plant was found. */
export interface Leak {
  readonly where: string;
  readonly plant: string;
  readonly encoding: string;
}

/** How a text may hide in another one. Base64 looks different at each of three offsets; its ends depend on the neighbours. */
function disguisesOf(plant: string): [encoding: string, needle: string][] {
  const bytes = Buffer.from(plant);
  const inBase64 = [0, 1, 2].map((offset): [string, string] => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return [`base64 at ${offset}`, text.replace(/=+$/, '').slice(offset === 0 ? 0 : offset + 1, -1)];
  });
  const escaped = [...plant].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  return [
    ['plain', plant],
    ['JSON', JSON.stringify(plant).slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(plant).slice(1, -1)).slice(1, -1)],
    ['JSON with slashes escaped', plant.replaceAll('/', '\\/')],
    ['Unicode escapes', escaped],
    ['URL', encodeURIComponent(plant)],
    ['URL twice', encodeURIComponent(encodeURIComponent(plant))],
    ['form', encodeURIComponent(plant).replaceAll('%20', '+')],
    ['hex', bytes.toString('hex')],
    ...inBase64,
    ...inBase64.map(([name, text]): [string, string] => [
      `${name}, for URLs`,
      text.replaceAll('+', '-').replaceAll('/', '_'),
    ]),
  ];
}

/** Searches texts, by where they are from, for every plant in every disguise. Only base64 cares for upper and lower case. */
export function leaksIn(texts: Readonly<Record<string, string>>, plants: readonly string[]): Leak[] {
  const needles = plants.flatMap((plant) =>
    disguisesOf(plant).map(([encoding, needle]) => ({ plant, encoding, needle })),
  );
  return Object.entries(texts).flatMap(([where, text]) => {
    const lowerCase = text.toLowerCase();
    return needles
      .filter(({ encoding, needle }) =>
        encoding.startsWith('base64') ? text.includes(needle) : lowerCase.includes(needle.toLowerCase()),
      )
      .map(({ plant, encoding }) => ({ where, plant, encoding }));
  });
}

export const everyPlant = ({ contact, apiKey }: Plants): string[] => [...contact, apiKey];
