import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, type AgentOptions, request } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { createCertificates } from '../../fixtures/certificates.ts';
import { startServe } from '../../fixtures/startServe.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

interface Shown {
  readonly status: number;
  /** Of the certificate. */
  readonly serial: string | undefined;
  readonly socket: TLSSocket;
}

/** Keeps its connection, and begins each with a full handshake. */
function agentOf(options: AgentOptions): Agent {
  return new Agent({ ...options, keepAlive: true, maxCachedSessions: 0 });
}

/** @param agent keeps its connection */
async function get(url: string, agent: Agent): Promise<Shown> {
  const sent = request(`${url}/v1/health`, { agent }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const socket = answer.socket as TLSSocket;
  // Told with the handshake only, not of a connection that goes on.
  const serial = socket.getPeerX509Certificate()?.serialNumber;
  answer.resume();
  await once(answer, 'end');
  return { status: answer.statusCode!, serial, socket };
}

/** Of the certificate that a new connection is shown. */
async function serialOf(url: string, ca: readonly Buffer[]): Promise<string | undefined> {
  const agent = agentOf({ ca: [...ca] });
  try {
    return (await get(url, agent)).serial;
  } finally {
    agent.destroy();
  }
}

describe('memory-central serve over TLS', function () {
  this.timeout(120_000);

  it('shows another certificate once its files change, and keeps its connections', async () => {
    await using folder = await temporaryFolder();
    const [first, second] = [join(folder.path, 'first'), join(folder.path, 'second')];
    const [one, other] = [await certificates(first), await certificates(second)];
    const [cert, key] = [join(folder.path, 'cert.pem'), join(folder.path, 'key.pem')];
    await copyFile(one.cert, cert);
    await copyFile(one.key, key);
    await using server = await startServe({ MEMORY_TLS_CERT: cert, MEMORY_TLS_KEY: key });
    const { rest } = server;
    assert.match(rest, /^https:/);
    const mcp = server.mcp.replace(/\/mcp$/, '');
    assert.match(mcp, /^https:/);
    const ca = [await readFile(one.ca), await readFile(other.ca)];
    const kept = agentOf({ ca });
    const before = await get(rest, kept);
    assert.equal(before.status, 200);
    // A certificate whose key is not there yet changes nothing.
    await copyFile(other.cert, cert);
    await until(() => /cannot be used/.test(server.log));
    assert.equal(await serialOf(rest, ca), before.serial);
    await copyFile(other.key, key);
    for (const url of [rest, mcp])
      await until(async () => {
        const serial = await serialOf(url, ca);
        return serial !== undefined && serial !== before.serial;
      });
    const again = await get(rest, kept);
    assert.equal(again.socket, before.socket);
    assert.equal(again.status, 200);
    kept.destroy();
  });

  it('goes on with the certificate that it has while the place of its files cannot be looked at', async () => {
    await using folder = await temporaryFolder();
    const [first, second, place] = ['first', 'second', 'live'].map(name => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    const [one, other] = [await certificates(first), await certificates(second)];
    await symlink(first, place);
    const [cert, key] = [one.cert, one.key].map(file => file.replace(first, place)) as [string, string];
    await using server = await startServe({ MEMORY_TLS_CERT: cert, MEMORY_TLS_KEY: key });
    const ca = [await readFile(one.ca), await readFile(other.ca)];
    const before = await serialOf(server.rest, ca);
    await rm(place);
    await symlink('live', place);
    await until(() => /ELOOP/.test(server.log));
    assert.match(server.log, /cannot be used/);
    assert.equal(await serialOf(server.rest, ca), before);
    await rm(place);
    await symlink(second, place);
    await until(async () => (await serialOf(server.rest, ca)) !== before);
  });

  it('speaks TLS 1.2 and newer, with clients of its authority only where one is named', async () => {
    await using folder = await temporaryFolder();
    const { ca, cert, key } = await certificates(join(folder.path, 'of-server'));
    const env = { MEMORY_TLS_CERT: cert, MEMORY_TLS_KEY: key, MEMORY_TLS_CLIENT_CA: ca };
    await using server = await startServe(env);
    const trusted = { ca: await readFile(ca) };
    const own = { ...trusted, cert: await readFile(cert), key: await readFile(key) };
    assert.equal((await get(server.rest, agentOf(own))).status, 200);
    await assert.rejects(get(server.rest, agentOf(trusted)));
    const port = Number(new URL(server.rest).port);
    const old = connect({ ...own, host: '127.0.0.1', port, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
    await assert.rejects(once(old, 'secureConnect'));
    const newer = connect({ ...own, host: '127.0.0.1', port, maxVersion: 'TLSv1.2' });
    await once(newer, 'secureConnect');
    assert.equal(newer.getProtocol(), 'TLSv1.2');
    newer.destroy();
  });

  it('does not start with half a certificate, or with none in the file', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'cert.pem');
    await writeFile(file, 'nothing');
    await assert.rejects(startServe({ MEMORY_TLS_CERT: file }), /belong together/);
    await assert.rejects(
      startServe({ MEMORY_TLS_CERT: file, MEMORY_TLS_KEY: file }),
      /certificate of tls\.cert and tls\.key cannot be used/,
    );
  });
});

async function certificates(folder: string) {
  await mkdir(folder, { recursive: true });
  return createCertificates(folder);
}
