import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT, UnsecuredJWT } from 'jose';
import { createJwtVerifier, type JwtOptions } from '../../../src/adapters/jwt/jwtVerifier.ts';
import { silent } from '../../fixtures/logger.ts';
import { startTokenIssuer, type TokenIssuer } from '../../fixtures/tokenIssuer.ts';
import { until } from '../../fixtures/until.ts';

function verifierFor({ issuer }: TokenIssuer, more: Partial<JwtOptions> = {}) {
  return createJwtVerifier({
    ...{ issuer, audience: ['memory', 'other'], jwksUrl: '', algorithms: ['ES256'] },
    ...{ clockToleranceSeconds: 30, logger: silent, cooldownMs: 0 },
    ...more,
  });
}

describe('jwtVerifier', () => {
  it('takes what its issuer signed for it, by the keys that the metadata names', async () => {
    await using issuer = await startTokenIssuer();
    const verify = verifierFor(issuer);
    assert.equal((await verify(await issuer.sign({ scope: 'read' })))!['scope'], 'read');
    assert.ok(await verify(await issuer.sign({ aud: ['x', 'other'] })));
    assert.equal(issuer.asked, 1);
  });

  it('takes nothing else', async () => {
    await using issuer = await startTokenIssuer();
    await using other = await startTokenIssuer();
    const verify = verifierFor(issuer);
    const now = Math.floor(Date.now() / 1000);
    const good = await issuer.sign();
    const [header, payload, signature] = good.split('.') as [string, string, string];
    const forged = Buffer.from(
      JSON.stringify({ sub: 'root', iss: issuer.issuer, aud: 'memory', exp: now + 99 }),
    );
    const publicKey = await exportJWK(issuer.current.publicKey);
    const asSecret = new TextEncoder().encode(JSON.stringify(publicKey));
    const claims = { iss: issuer.issuer, aud: 'memory', sub: 'ada' };
    const refused = {
      'another audience': await issuer.sign({ aud: 'elsewhere' }),
      'another issuer': await issuer.sign({ iss: other.issuer }),
      'another key': await issuer.sign({}, { of: other }),
      'that is over': await issuer.sign({ exp: now - 60 }),
      'not yet begun': await issuer.sign({ nbf: now + 600 }),
      'no subject': await issuer.sign({ sub: undefined as never }),
      'no end': await new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: issuer.current.kid })
        .sign(issuer.current.key),
      'other claims': `${header}.${forged.toString('base64url')}.${signature}`,
      'no signature': `${header}.${payload}.`,
      'alg none': new UnsecuredJWT(claims).setExpirationTime('1h').encode(),
      'alg HS256 with the public key': await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: issuer.current.kid })
        .setExpirationTime('1h')
        .sign(asSecret),
      'no token': 'a.b.c',
      words: 'let me in',
      'far too long': `${header}.${'a'.repeat(20_000)}.${signature}`,
    };
    for (const [what, token] of Object.entries(refused)) assert.equal(await verify(token), undefined, what);
    assert.ok(await verify(await issuer.sign({ exp: now - 10 })), 'within the tolerance');
    assert.ok(await verify(good));
  });

  it('follows the keys as they change, without a restart', async () => {
    await using issuer = await startTokenIssuer();
    const verify = verifierFor(issuer);
    const before = await issuer.sign();
    assert.ok(await verify(before));
    await issuer.rotate();
    assert.ok(await verify(await issuer.sign()));
    assert.ok(await verify(before));
    await issuer.rotate(true);
    assert.ok(await verify(await issuer.sign()));
    assert.equal(await verify(before), undefined);
  });

  it('asks for keys once in a while, however many unknown ones are named', async () => {
    await using issuer = await startTokenIssuer();
    const verify = verifierFor(issuer, { cooldownMs: 600_000 });
    assert.ok(await verify(await issuer.sign()));
    await issuer.rotate();
    for (let i = 0; i < 20; i++) assert.equal(await verify(await issuer.sign()), undefined);
    assert.equal(issuer.asked, 1);
  });

  it('says that nobody can know, where the issuer is away, and tries again', async () => {
    const issuer = await startTokenIssuer();
    const verify = verifierFor(issuer);
    const token = await issuer.sign();
    await issuer[Symbol.asyncDispose]();
    await assert.rejects(verify(token), { code: 'unavailable' });
    assert.equal(await verify('a.b'), undefined);
  });

  it('asks an issuer that hangs once for all, lets few wait, and leaves it alone when it has failed', async () => {
    let asked = 0;
    const hanging = createServer(() => {
      asked += 1;
    }).listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    await using other = await startTokenIssuer();
    const token = await other.sign();
    const issuer = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
    const verify = verifierFor(other, { issuer, jwksUrl: `${issuer}/keys` });
    let refused = 0;
    const all = Array.from({ length: 200 }, () =>
      assert.rejects(verify(token), { code: 'unavailable' }).then(() => {
        refused += 1;
      }),
    );
    await until(() => asked > 0 && refused >= 168);
    assert.equal(refused, 168);
    hanging.closeAllConnections();
    await Promise.all(all);
    await assert.rejects(verify(token), { code: 'unavailable' });
    assert.equal(asked, 1);
    hanging.close();
  });

  it('takes tokens of a key that it has, while others name one that cannot be asked for', async () => {
    const issuer = await startTokenIssuer();
    const verify = verifierFor(issuer);
    const good = await issuer.sign();
    assert.ok(await verify(good));
    await issuer.rotate();
    const unknown = await issuer.sign();
    await issuer[Symbol.asyncDispose]();
    await assert.rejects(verify(unknown), { code: 'unavailable' });
    await assert.rejects(verify(unknown), { code: 'unavailable' });
    assert.ok(await verify(good));
  });
});
