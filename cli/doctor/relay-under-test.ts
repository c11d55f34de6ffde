import { fiberAddress, outputNames, relayDefaults } from '../../lambdas/contract.ts';
import { isOnThisMachine } from '../address.ts';
import { jsonObject } from '../json-object.ts';
import { readStackOutputs } from '../stack-outputs.ts';
import { UsageError } from '../usage-error.ts';
import { chooseVendor, placeholderKey } from '../vendor-choice.ts';
import type { RelaySettings } from './finding.ts';

/** A relay, its vendor, and where the key of its account is. */
export interface RelayUnderTest {
  /** For people. */
  readonly name: string;
  readonly settings: RelaySettings;
  readonly baseUrl: string;
  readonly key: KeySource;
}

export type KeySource =
  | { readonly kind: 'given'; readonly apiKey: string; readonly from: string }
  | { readonly kind: 'secret'; readonly arn: string };

/**
 * Finds out which relay is meant: the deployed one of these outputs, or none and the defaults of this version.
 *
 * @param outputs the file that `cdk deploy --outputs-file` or `npm run local` wrote
 * @throws UsageError saying what is missing
 */
export async function findRelay(
  outputs: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RelayUnderTest> {
  if (outputs !== undefined) return relayIn(outputs, environment.FIBER_API_KEY || undefined);
  const vendor = chooseVendor(environment);
  if (vendor.kind === 'stand-in') {
    throw new UsageError(
      'Say what to look at: --outputs FILE of a relay, or set FIBER_API_KEY to compare an account with the defaults.',
    );
  }
  const { baseUrl, apiKey } = vendor;
  return {
    name: 'the defaults of this version',
    settings: relayDefaults,
    baseUrl,
    key: { kind: 'given', apiKey, from: 'FIBER_API_KEY' },
  };
}

/** The key goes to the vendor that the relay itself asks, whatever else the environment names. */
async function relayIn(file: string, apiKey: string | undefined): Promise<RelayUnderTest> {
  const { settings, apiKeySecret, api } = outputNames;
  const outputs = await readStackOutputs(file, [settings, apiKeySecret, api]);
  const read = readSettings(outputs[settings], file);
  const isHere = isOnThisMachine(outputs[api]);
  return { name: file, ...read, key: keySource(apiKey, outputs[apiKeySecret], { isHere, baseUrl: read.baseUrl }) };
}

/** @param isHere whether this is a relay of `npm run local`, whose secret nobody else can read */
function keySource(
  apiKey: string | undefined,
  arn: string,
  { isHere, baseUrl }: { isHere: boolean; baseUrl: string },
): KeySource {
  if (apiKey !== undefined) return { kind: 'given', apiKey, from: 'FIBER_API_KEY' };
  if (!isHere) return { kind: 'secret', arn };
  if (isOnThisMachine(baseUrl)) return { kind: 'given', apiKey: placeholderKey, from: 'npm run local' };
  throw new UsageError('Set FIBER_API_KEY to the key that `npm run local` was given: it does not write it down.');
}

function readSettings(text: string, file: string): Pick<RelayUnderTest, 'settings' | 'baseUrl'> {
  const { pollsPerMinute, startsPerMinute, keyShare, maxCreditsPerDay, fiberBaseUrl } = jsonObject(text) ?? {};
  const baseUrl = fiberAddress(String(fiberBaseUrl));
  if (!isNumber(pollsPerMinute) || !isNumber(startsPerMinute) || !isNumber(keyShare) || baseUrl === undefined) {
    throw new UsageError(
      `${file}: the output ${outputNames.settings} cannot be read. Deploy this version with \`npx cdk deploy --outputs-file ${file}\`.`,
    );
  }
  const cap = isNumber(maxCreditsPerDay) ? { maxCreditsPerDay } : {};
  return { settings: { pollsPerMinute, startsPerMinute, keyShare, ...cap }, baseUrl };
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
