import type { AddedTask } from '../../local/fiber/index.ts';

/** What must be in the record and nowhere else: everything that names the person of one task, and the key that pays. */
export interface Plants {
  readonly contact: readonly string[];
  readonly apiKey: string;
}

/** A large result holds thousands of addresses: the first ones are as good as all. */
const mostAddresses = 8;

/** A name and a profile address, which the stand-in itself does not give, made of the task's id. */
export function personOf(taskId: string) {
  const mark = Buffer.from(taskId).toString('hex').slice(-10);
  return { name: `Ada Lovelace-${mark}`, linkedinUrl: `https://www.linkedin.com/in/ada-lovelace-${mark}` };
}

export function plantsOf({ taskId, contacts }: Pick<AddedTask, 'taskId' | 'contacts'>, apiKey: string): Plants {
  const { emails, lowQualityEmails, phoneNumbers } = contacts;
  const person = personOf(taskId);
  const addresses = [...emails, ...lowQualityEmails].slice(0, mostAddresses).map(({ email }) => email);
  const numbers = phoneNumbers.flatMap(({ number }) => [number, number.slice(1)]);
  return { contact: [...addresses, ...numbers, person.name, person.linkedinUrl], apiKey };
}

/** A person by their profile, whom the relay is asked for. `scenario`: how the vendor plays the task. */
export function profileNamed(scenario: string, mark: string) {
  const slug = `${scenario}-lovelace-${mark}`;
  return { slug, linkedinUrl: `https://www.linkedin.com/in/${slug}` };
}

/** The vendor's healthy answer with the person in it, or its refusal, quoting the key and the person. */
export function planted(
  body: string,
  status: number,
  { taskId, contacts }: Pick<AddedTask, 'taskId' | 'contacts'>,
  apiKey: string,
): string {
  const answer = JSON.parse(body);
  const person = personOf(taskId);
  if (status === 200) {
    const { profile } = answer.output;
    Object.assign(profile, person);
    // The vendor's own words for a failure may name the person, too.
    if (profile.error) profile.error += ` (${person.name}, ${person.linkedinUrl})`;
  } else answer.message = `${apiKey} may not see ${JSON.stringify({ person, ...contacts })}`;
  return JSON.stringify(answer);
}
