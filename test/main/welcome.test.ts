import assert from 'node:assert/strict';
import { welcome } from '../../src/main/welcome.ts';

const tokenFile = '/home/ada/data/http-token';
const local = { mcp: 'http://127.0.0.1:9100/mcp', rest: 'http://127.0.0.1:8100' };
const open = { mcp: 'http://0.0.0.0:9000/mcp', rest: 'http://0.0.0.0:8000' };

describe('what serve tells when it listens', () => {
  it('names address and token of this very server, which settings may not know', () => {
    const told = welcome({ ...local, tokenFile });
    assert.match(told, /connect claude\|.* --url http:\/\/127\.0\.0\.1:9100\/mcp --token-file '\/home\/ada/);
    assert.match(told, /Clients send the token of \/home\/ada\/data\/http-token\./);
    assert.doesNotMatch(told, /Other machines|TLS/);
  });

  it('asks for no token where none is needed', () => {
    const told = welcome(local);
    assert.match(told, /Clients send no token\./);
    assert.doesNotMatch(told, /Bearer|--token-file/);
  });

  it('says what other machines need, and what they could read', () => {
    const told = welcome({ ...open, tokenFile });
    assert.match(told, /Clients of this machine send/);
    assert.match(told, /--url http:\/\/127\.0\.0\.1:9000\/mcp/);
    assert.match(told, /Other machines: .*token create <name>/);
    assert.match(told, /Without TLS/);
    const encrypted = { mcp: 'https://0.0.0.0:9000/mcp', rest: 'https://0.0.0.0:8000', tokenFile };
    assert.doesNotMatch(welcome(encrypted), /Without TLS/);
  });
});
