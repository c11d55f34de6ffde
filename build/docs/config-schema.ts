import * as z from 'zod';
import type { Kind } from '../../lib/config/kinds.ts';
import { stageName } from '../../lib/config/settings.ts';
import type { DescribedSetting } from './described-settings.ts';

type Json = Record<string, unknown>;

/** `docs/relay.config.schema.json`: what editors know of a `relay.config.json`. */
export function configSchema(settings: readonly DescribedSetting[]): Json {
  const properties = (isStage: boolean) =>
    Object.fromEntries(
      settings.map(({ name, kind, text, usually }) => [name, property(kind, `${text} Default: ${usually}.`, isStage)]),
    );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Settings of reveal-relay',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...properties(false),
      stages: {
        description:
          'Settings that hold for one stage, by its name. What is given for all holds where a stage does not say otherwise.',
        type: 'object',
        propertyNames: jsonSchema(stageName),
        additionalProperties: { type: 'object', properties: properties(true), additionalProperties: false },
      },
    },
    additionalProperties: false,
  };
}

/** In a stage, null takes back what is given for all. */
function property(kind: Kind<unknown>, description: string, isStage: boolean): Json {
  const schema = jsonSchema(kind);
  return { description, ...(isStage ? { anyOf: [schema, { type: 'null' }] } : schema) };
}

function jsonSchema({ schema }: Kind<unknown>): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
