import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/main/assets.ts';
import { deployTool } from '../fixtures/deployTool.ts';
import { compose, DEPLOY } from '../fixtures/shippedRedis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

const run = promisify(execFile);
const GIB = 2 ** 30;

interface Resolved {
  readonly services: Record<
    string,
    {
      readonly ports?: { host_ip: string; published: string; target: number }[];
      readonly environment?: Record<string, string>;
      readonly mem_limit?: string;
      readonly volumes?: { type: string; source: string }[];
    }
  >;
}

/** What Docker Compose makes of the file and a .env; it needs no Docker for that. */
async function resolved(folder: string): Promise<Resolved> {
  const program = await deployTool('docker-compose');
  const args = ['-f', join(folder, 'compose.yaml'), '--profile', '*', 'config', '--format', 'json'];
  const { stdout } = await run(program, args, { cwd: folder, env: { PATH: process.env['PATH'] } });
  return JSON.parse(stdout) as Resolved;
}

/** deploy/ with a fresh .env, as somebody has it who follows docs/operations.md. */
async function deployed() {
  const folder = await temporaryFolder();
  const deploy = join(folder.path, 'deploy');
  await cp(DEPLOY, deploy, { recursive: true, filter: path => !/\.env$|backups$/.test(path) });
  await run(join(deploy, 'env.sh'));
  return Object.assign(folder, { deploy });
}

describe('deploy/compose.yaml', function () {
  this.timeout(60_000);

  it('is taken by Docker Compose as it comes, with every port on loopback', async () => {
    await using folder = await deployed();
    const { services } = await resolved(folder.deploy);
    const ports = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.map(({ host_ip, published }) => `${name} ${host_ip}:${published}`),
    );
    assert.deepEqual(ports.sort(), [
      'alertmanager 127.0.0.1:9093',
      'grafana 127.0.0.1:3000',
      'neo4j 127.0.0.1:7474',
      'neo4j 127.0.0.1:7687',
      'prometheus 127.0.0.1:9090',
      'redis 127.0.0.1:16379',
      'redis-cache 127.0.0.1:6379',
      'redisinsight 127.0.0.1:18001',
      'server 127.0.0.1:8000',
      'server 127.0.0.1:9000',
    ]);
  });

  it('gives agents of the LAN the server where LAN_BIND says so, and nothing else', async () => {
    await using folder = await deployed();
    const path = join(folder.deploy, '.env');
    const env = await readFile(path, 'utf8');
    await writeFile(path, env.replace('LAN_BIND=127.0.0.1', 'LAN_BIND=10.10.20.85'));
    const { services } = await resolved(folder.deploy);
    const open = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.filter(({ host_ip }) => host_ip === '10.10.20.85').map(({ published }) => `${name}:${published}`),
    );
    assert.deepEqual(open, ['server:8000', 'server:9000']);
  });

  it('keeps server, worker and the data of Redis under 6 GiB together', async () => {
    await using folder = await deployed();
    const { services } = await resolved(folder.deploy);
    const limit = (name: string) => Number(services[name]!.mem_limit);
    assert.equal(services['redis']!.environment!['REDIS_MAXMEMORY'], '4gb');
    assert.ok(4 * GIB + limit('server') + limit('worker') < 6 * GIB);
    // It may need more for a moment, and must not be ended then.
    assert.ok(limit('redis') > 6 * GIB);
  });

  it('has services that come back, with limits, versions, names and a network of their own', async () => {
    const { services, volumes, networks } = await compose();
    for (const [name, service] of Object.entries(services)) {
      assert.equal(service.restart, 'unless-stopped', name);
      assert.match(service.image!, /:v?\d+\.\d+|^\$\{MEMORY_IMAGE:-memory-central:latest\}$/, name);
      assert.equal(service.container_name, `memory-central-${name}`);
      assert.ok(service.mem_limit, name);
      assert.deepEqual(service.networks, ['memory'], name);
      for (const volume of (service.volumes ?? []).filter(one => /^\w+:/.test(one)))
        assert.ok(volume.split(':')[0]! in volumes, volume);
      for (const port of service.ports ?? []) assert.match(port, /^\$\{\w+_BIND:-127\.0\.0\.1\}:/);
    }
    assert.deepEqual(networks, { memory: { name: 'memory-central' } });
    assert.ok(services['redis']!.volumes!.includes('redis_data:/data'));
    for (const name of ['redis', 'redis-cache']) {
      const { interval, timeout, retries } = services[name]!.healthcheck!;
      assert.deepEqual([interval, timeout, retries], ['30s', '10s', 3]);
    }
  });

  it('mounts files and folders that are there', async () => {
    await using folder = await deployed();
    const { services } = await resolved(folder.deploy);
    const bound = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.filter(({ type, source }) => type === 'bind' && source.startsWith(folder.deploy)),
    );
    assert.ok(bound.length > 5);
    for (const { source } of bound) if (!source.endsWith('/backups')) await stat(source);
  });

  it('takes every value that it asks for from .env', async () => {
    const text = await readFile(join(DEPLOY, 'compose.yaml'), 'utf8');
    const example = await readFile(join(DEPLOY, '.env.example'), 'utf8');
    const asked = new Set([...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name!));
    const offered = new Set([...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name!));
    assert.deepEqual([...offered].sort(), [...asked].sort());
    await run('git', ['check-ignore', '--quiet', join(DEPLOY, '.env')], { cwd: packageRoot });
  });
});

describe('deploy/env.sh', () => {
  it('makes passwords that differ, for its owner alone, and keeps them when it is run again', async () => {
    await using folder = await deployed();
    const path = join(folder.deploy, '.env');
    const before = await readFile(path, 'utf8');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const secrets = [...before.matchAll(/^(?:\w+_PASSWORD|MEMORY_ENCRYPTION_KEY)=(.+)$/gm)].map(
      ([, one]) => one!,
    );
    assert.equal(new Set(secrets).size, 9);
    for (const secret of secrets) assert.ok(secret.length >= 44);
    await writeFile(path, before.replace(/^NEO4J_PASSWORD=.*\n/m, '').replace('4gb', '8gb'));
    await run(join(folder.deploy, 'env.sh'));
    const after = await readFile(path, 'utf8');
    assert.match(after, /^REDIS_MAXMEMORY=8gb$/m);
    assert.match(after, /^NEO4J_PASSWORD=\w{48}$/m);
    assert.deepEqual(
      after.split('\n').filter(line => !/^NEO4J_PASSWORD|^REDIS_MAXMEMORY|^$/.test(line)),
      before.split('\n').filter(line => !/^NEO4J_PASSWORD|^REDIS_MAXMEMORY|^$/.test(line)),
    );
  });
});
