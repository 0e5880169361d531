import assert from 'node:assert/strict';
import { createSecretlintScanner } from '../../../src/adapters/secrets/secretlintScanner.ts';

/** Built from parts, so that no scanner takes this file for a leak. */
const githubToken = `ghp_${'a1B2c3D4e5'.repeat(3)}f6G7h8`;
const awsKey = `aws_secret_access_key = ${'wJalrXUtnFEMIK7MDENG'}${'bPxRfiCYzzzzzzKEY123'}`;
const privateKey = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(20)}\n-----END RSA PRIVATE KEY-----`;

describe('secretlintScanner', () => {
  const scanner = createSecretlintScanner();
  const rulesIn = async (text: string) => (await scanner.scan(text)).map(finding => finding.rule);

  for (const [what, text, rule] of [
    ['a GitHub token', `deploy with ${githubToken} please`, 'github'],
    ['an AWS secret key', awsKey, 'aws'],
    ['a private key', privateKey, 'privatekey'],
    ['a password in a sentence', 'the staging password is Tr0ub4dor&3', 'password'],
    ['a password in a setting', 'DB_USER=app\npassword = "s3cr3t-value"', 'password'],
    ['a bearer token', `curl -H "Authorization: Bearer ${'x9'.repeat(15)}"`, 'bearer-token'],
    ['a token of this server', `use mc_${'0a1b2c'.repeat(2)}_${'aB3-_x9'.repeat(6)}Z`, 'memory-central'],
    ['a connection string', 'postgres://app:Sup3rS3cret@db.internal:5432/main', 'database-connection-string'],
  ] as const) {
    it(`finds ${what}`, async () => {
      assert.ok((await rulesIn(text)).includes(rule), `${await rulesIn(text)}`);
    });
  }

  for (const text of [
    'We decided to keep passwords hashed with argon2id.',
    'The token bucket refills at 10 per second; the key is the client address.',
    'password: string;',
    'const apiKey = process.env.API_KEY',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b fixes the flaky test',
    'id 018f6a3e-7c1d-7c3e-9b5a-2f1e4d5c6b7a',
  ]) {
    it(`leaves "${text}" alone`, async () => {
      assert.deepEqual(await rulesIn(text), []);
    });
  }

  it('points at the secret itself', async () => {
    const text = `deploy with ${githubToken} please`;
    const [finding] = await scanner.scan(text);
    assert.equal(text.slice(finding!.start, finding!.end), githubToken);
  });
});
