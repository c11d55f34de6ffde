/** Whether a URL leads to this machine: then nothing that is sent there goes over a network. */
export function isOnThisMachine(url: string): boolean {
  const { hostname } = URL.canParse(url) ? new URL(url) : { hostname: '' };
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
