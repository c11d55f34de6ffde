import tls from 'node:tls';

/**
 * For TLS servers of tests on this machine, valid for 127.0.0.1 alone and known to nobody else. It protects nothing.
 *
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -addext subjectAltName=IP:127.0.0.1`
 */
export const loopbackCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBojCCAUigAwIBAgIUJV1n8BL6uwOTBKzAAHUUYlMObjcwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSbG9vcGJhY2sgb2YgYSB0ZXN0MCAXDTI2MTEyNzA5MzA0MVoY
DzIxMjYxMTAzMDkzMDQxWjAdMRswGQYDVQQDDBJsb29wYmFjayBvZiBhIHRlc3Qw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARW0lrPDQAnZaFmcd+SuiI+tdA9SdDI
2kAcadiajLYgAS1If+1bHggOL/axe0uGie1CC/DeqzW6gtN6nuDzktnvo2QwYjAd
BgNVHQ4EFgQUh+DNKkhbshwPeyBHyuuR+hMC/MYwHwYDVR0jBBgwFoAUh+DNKkhb
shwPeyBHyuuR+hMC/MYwDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAAB
MAoGCCqGSM49BAMCA0gAMEUCIQCEdHz+Sg8wKaG3pYcH0bEy8jTsqTiMR7jUGjHd
bzIcqAIgFrzjY30vzg+hO8kUHujUHGzzjAq2gQp8sWtJn6stGU8=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBi25l04h7XxbOFL4
AxtOqIejBygOFlatlyxfJnOB9uGhRANCAARW0lrPDQAnZaFmcd+SuiI+tdA9SdDI
2kAcadiajLYgAS1If+1bHggOL/axe0uGie1CC/DeqzW6gtN6nuDzktnv
-----END PRIVATE KEY-----
`,
} as const;

/**
 * Has connections of this process trust it besides those that Node trusts, as `tls.setDefaultCACertificates` would, which Node 20 lacks.
 *
 * @returns what ends that
 */
export function trustLoopbackCertificate(): () => void {
  const { createSecureContext } = tls;
  const ca = [...tls.rootCertificates, loopbackCertificate.cert];
  tls.createSecureContext = (options) => createSecureContext({ ca, ...options });
  return () => {
    tls.createSecureContext = createSecureContext;
  };
}
