import { type Duration, Token } from 'aws-cdk-lib';

/** A setting cannot be checked that is a parameter of the template, or an attribute of another resource. */
export function notKnownYet(prop: string): Error {
  return new Error(
    `${prop} is a token, whose value is known only when the stack is deployed: give a plain value, such as one from the app's context (node.tryGetContext).`,
  );
}

/** A number between two others. @throws Error that says which */
export function between(prop: string, value: number, least: number, most: number): number {
  if (Token.isUnresolved(value)) throw notKnownYet(prop);
  if (!(value >= least && value <= most)) {
    throw new Error(`${prop} is ${value}: give a number from ${least} to ${most}.`);
  }
  return value;
}

/** A number of things between two others. @throws Error that says which */
export function wholeNumber(prop: string, value: number, least: number, most: number): number {
  if (Number.isInteger(between(prop, value, least, most))) return value;
  throw new Error(`${prop} is ${value}: give a whole number.`);
}

/** A duration between two others, in whole units of the smaller one. @throws Error that says which */
export function whole(prop: string, value: Duration, least: Duration, most: Duration): Duration {
  if (value.isUnresolved()) throw notKnownYet(prop);
  const units = value.toMilliseconds() / least.toMilliseconds();
  if (!Number.isInteger(units) || units < 1 || value.toMilliseconds() > most.toMilliseconds()) {
    throw new Error(
      `${prop} is ${value.toHumanString()}: give a multiple of ${least.toHumanString()}, up to ${most.toHumanString()}.`,
    );
  }
  return value;
}
