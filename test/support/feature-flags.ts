import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/** All that the installed CDK recommends to a new app. An older app has none of them. */
export const allFlags: Readonly<Record<string, unknown>> = flags;
