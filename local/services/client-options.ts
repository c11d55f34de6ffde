import { place } from '../template/local-names.ts';

/** How a real SDK client is pointed at a service on loopback, whatever AWS settings the machine has. */
export function localClientOptions(endpoint: string) {
  return {
    endpoint,
    region: place.region,
    // Requests have to be signed, though nobody here checks the signature.
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  };
}
