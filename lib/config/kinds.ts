import * as z from 'zod';
import { fiberAddress, relayNameForm, webhookEventTypes } from '../../lambdas/contract.ts';
import type { WebhookOptions } from '../webhook-receivers.ts';

/** What a setting may be. */
export interface Kind<Value> {
  readonly schema: z.ZodType<Value>;
  /** For people, after "give". */
  readonly says: string;
  /** What a text of the command line means. One that means nothing stays as it is, and the schema refuses it. */
  readonly fromText: (text: string) => unknown;
  /** A wrong value may hold a key: no message repeats it. */
  readonly isSensitive?: true;
}

type Range = readonly [least: number, most: number];

const asNumber = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
const asText = (text: string) => text;

export const number = ([least, most]: Range): Kind<number> => ({
  schema: z.number().min(least).max(most),
  says: `a number from ${least} to ${most}`,
  fromText: asNumber,
});

/** @param things what is counted, such as `days` */
export const wholeNumber = ([least, most]: Range, things?: string): Kind<number> => ({
  schema: z.number().int().min(least).max(most),
  says: `a whole number${things ? ` of ${things}` : ''} from ${least} to ${most}`,
  fromText: asNumber,
});

export const text = (form: RegExp, says: string): Kind<string> => ({
  schema: z.string().regex(form),
  says,
  fromText: asText,
});

export const oneOf = <const Value extends string | number>(values: readonly Value[]): Kind<Value> => ({
  schema: z.literal(values),
  says: `one of ${values.join(', ')}`,
  fromText: (given) => values.find((value) => String(value) === given) ?? given,
});

export const trueOrFalse: Kind<boolean> = {
  schema: z.boolean(),
  says: 'true or false',
  fromText: (given) => (given === 'true' ? true : given === 'false' ? false : given),
};

/** On the command line with commas in between. */
export const list = (form: RegExp, says: string): Kind<string[]> => ({
  schema: z.array(z.string().regex(form)).min(1),
  says,
  fromText: (given) => given.split(',').map((item) => item.trim()),
});

export const vendorAddress: Kind<string> = {
  schema: z.string().refine((given) => fiberAddress(given) !== undefined),
  says: 'an https address of a host and a path, like https://api.fiber.ai, or http on a loopback address',
  fromText: asText,
  isSensitive: true,
};

/** On the command line as JSON. */
export const webhooks: Kind<WebhookOptions[]> = {
  schema: z
    .array(
      z.strictObject({
        url: z.string(),
        name: z.string().optional(),
        events: z.array(z.enum(webhookEventTypes)).min(1).optional(),
        include: z.enum(['pointer', 'result']).optional(),
        allowAddresses: z.array(z.string()).optional(),
      }),
    )
    .min(1) as unknown as z.ZodType<WebhookOptions[]>,
  says: 'a list of receivers, like [{"url": "https://crm.example.com/reveals", "include": "result"}]',
  fromText: (given) => {
    try {
      return JSON.parse(given);
    } catch {
      return given;
    }
  },
  // An address may hold a token of the receiver's.
  isSensitive: true,
};

export const relayName = text(relayNameForm.pattern, relayNameForm.says);

/** @param resource the part of an ARN after the account */
export const arn = (service: string, resource: string, says: string): Kind<string> =>
  text(new RegExp(`^arn:[^:]+:${service}:[a-z0-9-]+:\\d{12}:${resource}$`), says);

/** @param names what a name may be made of @param resource the part of an ARN after the account, up to the name */
export const nameOrArn = (service: string, resource: string, names: string, says: string): Kind<string> => ({
  schema: z.string().regex(new RegExp(`^(${names}|arn:[^:]+:${service}:[a-z0-9-]+:\\d{12}:${resource}${names})$`)),
  says,
  fromText: asText,
});
