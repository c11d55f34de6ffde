import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiRoutes } from '../../lambdas/contract.ts';
import { routeOf } from '../../lambdas/http/route.ts';

/** As API Gateway tells of a request that none of the routes is for. */
const unrouted = (method: string, rawPath: string, stage = '$default') =>
  routeOf({ routeKey: '$default', method, rawPath, stage });

describe('the route of a request', () => {
  it.each(apiRoutes)('is the one that API Gateway has chosen, whatever the path says: %s', (routeKey) => {
    const [method = ''] = routeKey.split(' ');
    for (const rawPath of ['/prod/reveals/other', '/partners/v2/reveals', '/', '']) {
      const match = routeOf({
        routeKey,
        pathParameters: { id: 'a:b=1+2', name: 'a:b=1+2' },
        method,
        rawPath,
        stage: 'prod',
      });
      expect(match).toEqual({ route: routeKey, id: routeKey.includes('{') ? 'a:b=1+2' : '' });
    }
  });

  it('has the id decoded, by whomever', () => {
    for (const id of ['a:b=1+2', 'a%3Ab%3D1%2B2']) {
      const event = { routeKey: 'GET /reveals/{id}', method: 'GET', rawPath: '/', pathParameters: { id } };
      expect(routeOf(event)).toEqual({ route: 'GET /reveals/{id}', id: 'a:b=1+2' });
    }
  });

  it('is none if what stands in the place of the id cannot be one', () => {
    const notAnId = fc.oneof(
      fc.string().map((text) => `-${text}`),
      fc.constantFrom('', 'ada@example.com', '..', 'a/b', 'a%2Fb', '%zz', 'x'.repeat(257), undefined),
    );
    fc.assert(
      fc.property(notAnId, (id) => {
        const pathParameters = id === undefined ? undefined : { id };
        const event = { routeKey: 'GET /reveals/{id}', method: 'GET', rawPath: '/reveals/a', pathParameters };
        expect(routeOf(event)).toEqual({ methods: [] });
      }),
    );
  });

  it.each([
    ['/reveals', ['POST', 'GET']],
    ['/reveals/some-id', ['GET', 'DELETE']],
    ['/reveals/batch', ['POST', 'GET', 'DELETE']],
    ['/reveals/some-id/result', ['DELETE']],
    ['/people', []],
    ['/', []],
    ['reveals', []],
    ['/people/reveals', []],
    [`/${'x/'.repeat(600)}`, []],
  ])('is none for another method, and the methods of %s are told', (path, methods) => {
    expect(unrouted('HEAD', path)).toEqual({ methods });
  });

  it('is told by the path behind the name of the stage where API Gateway knows none', () => {
    expect(unrouted('PUT', '/prod/reveals', 'prod')).toEqual({ methods: ['POST', 'GET'] });
    expect(unrouted('PUT', '/production/reveals', 'prod')).toEqual({ methods: [] });
  });

  it('takes a slash at the end for none, and an id as it came or encoded', () => {
    for (const path of ['/reveals/a:b/', '/reveals/a%3Ab/']) {
      expect(unrouted('GET', path)).toEqual({ route: 'GET /reveals/{id}', id: 'a:b' });
    }
    expect(unrouted('GET', '/reveals/%zz/')).toEqual({ methods: [] });
  });

  it('is for a preflight request the path that the browser asks about', () => {
    const preflight = { routeKey: 'OPTIONS /{proxy+}', pathParameters: { proxy: 'reveals' }, method: 'OPTIONS' };
    expect(routeOf({ ...preflight, rawPath: '/reveals' })).toEqual({ methods: ['POST', 'GET'] });
  });
});
