import { expect, it } from 'vitest';
import { signature } from '../../../lib/client/request-signature.ts';

it('signs for another service where one is named', async () => {
  const headers = await signature({
    method: 'GET',
    url: new URL('https://scheduler.eu-west-1.amazonaws.com/schedules/Sweeps'),
    body: undefined,
    region: 'eu-west-1',
    service: 'scheduler',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'any' },
    at: new Date('2026-11-23T12:00:00Z'),
  });
  expect(headers.authorization).toContain('Credential=AKIDEXAMPLE/20261123/eu-west-1/scheduler/aws4_request,');
});

it('signs the headers that say what is asked', async () => {
  const headers = await signature({
    method: 'POST',
    url: new URL('https://logs.eu-west-1.amazonaws.com/'),
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.DescribeLogGroups' },
    body: '{}',
    region: 'eu-west-1',
    service: 'logs',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'any' },
    at: new Date('2026-11-23T12:00:00Z'),
  });
  expect(headers.authorization).toContain(
    'SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target',
  );
  expect(headers['x-amz-target']).toBe('Logs_20140328.DescribeLogGroups');
});
