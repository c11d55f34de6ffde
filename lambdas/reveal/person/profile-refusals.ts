const example = 'https://www.linkedin.com/in/ada-example';

/**
 * Why a text is no profile, and what to give instead, as it follows the name of a field. Fixed texts: what was given may be anybody's
 * contact data, and is not repeated.
 */
export const refusals = {
  empty: `must not be empty: give the address of a person's profile, such as ${example}`,
  'too-long': `must be an address of at most 2,000 characters, such as ${example}`,
  'cut-off': 'is cut off at its end, so that it may name somebody else: give the whole address',
  'two-parts': 'must be one address, without white space, control or invisible characters inside',
  'not-a-web-address': `must be a web address that begins with https://, such as ${example}`,
  'not-at-linkedin':
    'must be at linkedin.com, without a user name or a port: give the address that a short link or a redirect leads to',
  'going-up': 'must not hold .. in its path: give the address as the browser shows it',
  'not-a-person': `must name a person, not a company, a school, a group, a post, an article, a job or a search: ${example}`,
  'old-address': 'is an old kind of address: open it, and give the /in/ address that it leads to',
  'no-profile': `must lead to a person's profile: give the /in/ address, such as ${example}`,
  'mail-or-handle': `must be a profile at LinkedIn, not an e-mail address or the name at another network: ${example}`,
  encoding: "must be percent-encoded once at most, and as UTF-8: give the address from the browser's address bar",
  name: 'must end in a name of letters, digits, - and _ alone: give the address as the browser shows it',
  'name-length': 'must end in a name of 3 to 100 characters',
  nobody: `must name somebody, and not stand for an empty field: leave it out, or give an address such as ${example}`,
  'damaged-id':
    'holds a member id that is cut off or has lost its upper case: give all of its 39 characters as they were',
  'no-id': 'must hold a member id of 39 characters in this place: give the /in/ address instead',
  'private-id': 'holds an id that is valid in one LinkedIn application alone: give the /in/ address instead',
  number: 'must be a member number of 1 to 12 digits that does not begin with 0: give the /in/ address instead',
} as const;

export type Refusal = keyof typeof refusals;
