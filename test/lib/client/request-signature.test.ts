import { createHash, createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { regionOf } from '../../../lib/client/client-props.ts';
import { signature } from '../../../lib/client/request-signature.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

it.each([
  ['https://ab12.execute-api.eu-west-1.amazonaws.com', 'eu-west-1'],
  ['https://ab12.execute-api.cn-north-1.amazonaws.com.cn/reveals', 'cn-north-1'],
  ['http://ab12.execute-api.eu-west-1.amazonaws.com', undefined],
  ['https://relay.example.com', undefined],
  ['https://execute-api.eu-west-1.amazonaws.com.evil.example', undefined],
  ['http://127.0.0.1:8787', undefined],
])('%s is signed for %s', (url, region) => {
  expect(regionOf(new URL(url))).toBe(region);
});

it('signs as the description of the algorithm says', async () => {
  const url = new URL('https://ab12.execute-api.eu-west-1.amazonaws.com/reveals/task%3A1?include=lowQualityEmails');
  const at = new Date('2026-11-23T12:00:00Z');
  const headers = await signature({ method: 'GET', url, body: undefined, region: 'eu-west-1', credentials, at });

  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const signed = 'host;x-amz-content-sha256;x-amz-date';
  const canonical = [
    'GET',
    // Encoded once for the wire, and once more for the signature.
    '/reveals/task%253A1',
    'include=lowQualityEmails',
    'host:ab12.execute-api.eu-west-1.amazonaws.com',
    `x-amz-content-sha256:${sha256('')}`,
    'x-amz-date:20261123T120000Z',
    '',
    signed,
    sha256(''),
  ].join('\n');
  const scope = '20261123/eu-west-1/execute-api/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', '20261123T120000Z', scope, sha256(canonical)].join('\n');
  const key = ['20261123', 'eu-west-1', 'execute-api', 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${credentials.secretAccessKey}`,
  );
  expect(headers.authorization).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${signed}, Signature=${hmac(key, toSign).toString('hex')}`,
  );
  expect(headers).not.toHaveProperty('host');
});

it('signs the body, and hands on the token of temporary credentials', async () => {
  const url = new URL('https://ab12.execute-api.eu-west-1.amazonaws.com/reveals');
  const request = { method: 'POST', url, body: '{"taskId":"a"}', region: 'eu-west-1' };
  const headers = await signature({ ...request, credentials: { ...credentials, sessionToken: 'short-lived' } });
  expect(headers['x-amz-content-sha256']).toBe(createHash('sha256').update(request.body).digest('hex'));
  expect(headers['x-amz-security-token']).toBe('short-lived');
});
