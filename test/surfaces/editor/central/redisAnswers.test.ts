import assert from 'node:assert/strict';
import fc from 'fast-check';
import { areNodes, readAddress } from '../../../../src/surfaces/editor/central/redisAnswers.ts';

describe('an address of the central Redis, as a person writes it', () => {
  const server = { 'redis.host': 'cache.lan', 'redis.port': 6379, 'redis.db': 0, 'redis.tls': false };

  for (const [text, expected] of [
    ['cache.lan', server],
    [' cache.lan:7000 ', { ...server, 'redis.port': 7000 }],
    ['[::1]:7000', { ...server, 'redis.host': '::1', 'redis.port': 7000 }],
    ['redis://cache.lan/3', { ...server, 'redis.db': 3 }],
    ['redis://:50%@cache.lan', { ...server, 'redis.password': '50%' }],
    ['rediss://cache.lan', { ...server, 'redis.tls': true }],
    ['redis://ada:p%40ss@cache.lan', { ...server, 'redis.username': 'ada', 'redis.password': 'p@ss' }],
  ] as const)
    it(`is read: ${text}`, () => assert.deepEqual(readAddress(text), expected));

  for (const text of [
    '',
    ' ',
    'http://cache.lan',
    'cache.lan:port',
    'redis://cache.lan/name',
    'cache.lan:99999',
  ])
    it(`is none: "${text}"`, () => assert.equal(readAddress(text), undefined));

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), text => void readAddress(text)));
  });

  it('may be several, with their ports', () => {
    assert.ok(areNodes('10.0.0.1:26379, [::1]:7000,cache.lan:1'));
    for (const text of ['', 'cache.lan', 'a:1,,b:2', 'redis://a:1']) assert.ok(!areNodes(text), text);
  });
});
