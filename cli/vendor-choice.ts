import { fiberAddress, fiberBaseUrl } from '../lambdas/contract.ts';
import { isOnThisMachine } from './address.ts';
import { UsageError } from './usage-error.ts';

/** Whom the relay asks: a stand-in that it starts itself, or a server that is there already. */
export type VendorChoice =
  | { readonly kind: 'stand-in' }
  | { readonly kind: 'address'; readonly baseUrl: string; readonly apiKey: string; readonly isLoopback: boolean };

/** The stand-in and other servers on this machine check no key that anybody has to keep secret. */
export const placeholderKey = 'placeholder-key';

/**
 * Reads the choice from the environment: `FIBER_API_KEY` means the real API, `FIBER_BASE_URL` another address for it.
 *
 * @throws UsageError when the address is none, or shows the key, or there is no key for one on another machine
 */
export function chooseVendor(environment: Readonly<Record<string, string | undefined>>): VendorChoice {
  const { FIBER_API_KEY: apiKey, FIBER_BASE_URL: baseUrl } = environment;
  if (!apiKey && !baseUrl) return { kind: 'stand-in' };
  const address = parseAddress(baseUrl || fiberBaseUrl);
  const isLoopback = isOnThisMachine(address);
  if (!apiKey && !isLoopback) {
    throw new UsageError(`FIBER_BASE_URL is ${address}, which needs a key: set FIBER_API_KEY as well.`);
  }
  return { kind: 'address', baseUrl: address, apiKey: apiKey || placeholderKey, isLoopback };
}

/** What tells Node of a proxy, if this process is told to use one: the relay's handlers see nothing else of its environment. */
export function proxyVariables(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  if (environment.NODE_USE_ENV_PROXY !== '1') return {};
  const names = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY', 'NODE_USE_ENV_PROXY'];
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}

function parseAddress(text: string): string {
  const address = fiberAddress(text);
  if (address === undefined) {
    throw new UsageError(
      'FIBER_BASE_URL is no address for a key: give one like https://fiber.example, or http://127.0.0.1:8080 on this machine.',
    );
  }
  return address;
}
