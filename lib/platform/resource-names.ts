import { Token } from 'aws-cdk-lib';
import type { RevealRelayProps } from '../reveal-relay-props.ts';

/** Names for the parts that others refer to. Unique in an account and region, whatever stack they are in. */
export interface ResourceNames {
  /** 3 to 255 letters, digits or `. _ -`. */
  readonly table?: string;
  /** Up to 256 letters, digits or `. _ - /`. */
  readonly eventBus?: string;
  /** Up to 512 letters, digits or `/ _ + = . @ -`. */
  readonly apiKeySecret?: string;
  /** Up to 80 letters, digits or `_ -`. */
  readonly stateMachine?: string;
  /** Up to 80 letters, digits or `_ -`. */
  readonly deadLetters?: string;
}

const forms: { readonly [Part in keyof ResourceNames]-?: readonly [pattern: RegExp, says: string] } = {
  table: [/^[\w.-]{3,255}$/, '3 to 255 letters, digits or . _ -'],
  eventBus: [
    /^(?!aws\.|default$)[\w./-]{1,256}$/,
    'up to 256 letters, digits or . _ - /, which neither are "default" nor begin with "aws."',
  ],
  apiKeySecret: [/^[\w/+=.@-]{1,512}$/, 'up to 512 letters, digits or / _ + = . @ -'],
  stateMachine: [/^[\w-]{1,80}$/, 'up to 80 letters, digits or _ -'],
  deadLetters: [/^[\w-]{1,80}$/, 'up to 80 letters, digits or _ -'],
};

/** @throws Error naming the part that cannot have its name, and what to do */
export function resourceNames({ resourceNames: names = {}, ...props }: RevealRelayProps): ResourceNames {
  for (const part of Object.keys(forms) as (keyof ResourceNames)[]) {
    const [name, [pattern, says]] = [names[part], forms[part]];
    if (name === undefined || Token.isUnresolved(name)) continue;
    if (!pattern.test(name)) throw new Error(`resourceNames.${part} is "${name}": give ${says}.`);
  }
  for (const part of ['table', 'eventBus', 'apiKeySecret'] as const) {
    if (names[part] === undefined || !props[part]) continue;
    throw new Error(
      `resourceNames.${part} names what the relay makes, and ${part} is there already under its own name: leave one of them out.`,
    );
  }
  return names;
}
