import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/main/assets.ts';
import { builtProgram } from '../fixtures/builtPrograms.ts';
import { type Certificates, createCertificates } from '../fixtures/certificates.ts';
import { cliHome } from '../fixtures/cli.ts';
import { freePort, type RedisServer, startRedis } from '../fixtures/redis.ts';
import { DEPLOY } from '../fixtures/shippedRedis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

const run = promisify(execFile);

const running = new Set<ChildProcess>();
// A run that is broken off leaves nobody behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

/** Ends with this process at the latest. */
function owned<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

interface Ports {
  readonly rest: number;
  readonly mcp: number;
}

async function freePorts(): Promise<Ports> {
  return { rest: await freePort(), mcp: await freePort() };
}

/** `memory-central serve`, as each of several instances runs it. */
async function startInstance(redis: RedisServer, home: string, { rest, mcp }: Ports): Promise<ChildProcess> {
  const program = await builtProgram('cli');
  const ports = ['--port', `${mcp}`, '--api-port', `${rest}`];
  const child = owned(
    spawn(process.execPath, [program, 'serve', ...ports, '--no-auth'], {
      env: {
        ...{ PATH: process.env['PATH'], MEMORY_CENTRAL_HOME: home, REDIS_URL: redis.url },
        ...{ EMBEDDING_PROVIDER: 'off', MCP_SESSIONS: 'false', API_DRAIN_SECONDS: '5' },
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
  );
  // A line of JSON is of its log, which has warnings and worse: shown where the test fails.
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (text.startsWith('{')) process.stderr.write(text);
  });
  await until(async () => (await fetch(`http://127.0.0.1:${rest}/v1/health/ready`)).ok);
  return child;
}

/** That this instance has answered: over REST, without those who ask how it is, and over MCP. */
async function requestsTo({ rest }: Ports): Promise<readonly [rest: number, mcp: number]> {
  const text = await (await fetch(`http://127.0.0.1:${rest}/metrics`)).text();
  const lines = text.split('\n').filter(line => line.startsWith('memory_central_http_requests_total{'));
  const sum = (word: string) =>
    lines.filter(line => line.includes(word)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  return [sum('/v1/tools/'), sum('surface="mcp"')];
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await ended;
  return code as number | null;
}

/** Addresses, ports and files of this test in place of those of the LAN. */
function localised(text: string, front: Ports, [one, two]: readonly [Ports, Ports], files: string): string {
  const replaced: Record<string, string> = {
    '10.10.20.85:8000': `127.0.0.1:${one.rest}`,
    '10.10.20.86:8000': `127.0.0.1:${two.rest}`,
    '10.10.20.85:9000': `127.0.0.1:${one.mcp}`,
    '10.10.20.86:9000': `127.0.0.1:${two.mcp}`,
    '/etc/nginx/tls': files,
    '/etc/haproxy': files,
    'listen 8000': `listen 127.0.0.1:${front.rest}`,
    'listen 9000': `listen 127.0.0.1:${front.mcp}`,
    'bind :8000': `bind 127.0.0.1:${front.rest}`,
    'bind :9000': `bind 127.0.0.1:${front.mcp}`,
  };
  const local = Object.entries(replaced).reduce((text, [from, to]) => text.replaceAll(from, to), text);
  // Of these lines each has another instance.
  return local
    .replace(/(server one .*) check port 8000/, `$1 check port ${one.rest}`)
    .replace(/(server two .*) check port 8000/, `$1 check port ${two.rest}`);
}

interface Balancer {
  readonly name: string;
  readonly file: string;
  /** Writes what it needs. @returns arguments that check it, and that run it in the foreground */
  prepare(folder: string, text: string): Promise<{ program: string; check: string[]; run: string[] }>;
}

const balancers: readonly Balancer[] = [
  {
    name: 'nginx',
    file: 'nginx/memory-central.conf',
    async prepare(folder, text) {
      const main = join(folder, 'nginx.conf');
      await writeFile(join(folder, 'memory-central.conf'), text);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        name => `${name}_temp_path ${join(folder, name)};`,
      );
      await writeFile(
        main,
        `daemon off; error_log stderr warn; pid ${join(folder, 'pid')}; events {}
         http { access_log off; ${temporary.join(' ')} include ${join(folder, 'memory-central.conf')}; }`,
      );
      const args = ['-e', 'stderr', '-c', main];
      return { program: 'nginx', check: ['-t', ...args], run: args };
    },
  },
  {
    name: 'HAProxy',
    file: 'haproxy/haproxy.cfg',
    async prepare(folder, text) {
      const file = join(folder, 'haproxy.cfg');
      await writeFile(file, text);
      return { program: 'haproxy', check: ['-c', '-f', file], run: ['-db', '-f', file] };
    },
  },
];

/** Runs this balancer, as it is shipped, in front of the instances, with load through it. */
async function startBalanced(
  balancer: Balancer,
  instances: readonly [Ports, Ports],
  files: string,
  { ca }: Certificates,
) {
  const front = await freePorts();
  const shipped = await readFile(join(DEPLOY, balancer.file), 'utf8');
  const text = localised(shipped, front, instances, files);
  assert.doesNotMatch(text.replace(/^\s*#.*$/gm, ''), /10\.10\.20\.|\/etc\//);
  const { program, check, run: args } = await balancer.prepare(files, text);
  await run(program, check);
  const proxy = owned(spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] }));
  let said = balancer.name;
  proxy.stderr.setEncoding('utf8').on('data', (more: string) => {
    said += more;
  });
  const load = startLoad(front, ca);
  return {
    load,
    said: () => said,
    /** Requests succeed from now on, as they have until now. */
    async goesOn() {
      const before = load.stored.length;
      await until(() => load.stored.length > before + 10 || load.failed.length > 0 || load.hasEnded());
      assert.deepEqual(load.failed.slice(0, 3), [], said);
      assert.ok(!load.hasEnded(), said);
    },
    [Symbol.asyncDispose]: () => stop(proxy).then(() => {}),
  };
}

/** The load of another process. */
function startLoad(front: Ports, ca: string) {
  const program = join(packageRoot, 'test', 'fixtures', 'loadThroughBalancer.ts');
  const addresses = [`https://127.0.0.1:${front.rest}`, `https://127.0.0.1:${front.mcp}`];
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...addresses], {
    cwd: packageRoot,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => {});
  const stored: string[] = [];
  const failed: string[] = [];
  const streamed: string[] = [];
  const lines = createInterface(child.stdout).on('line', line => {
    const told = JSON.parse(line) as { stored?: string; failed?: string; streamed?: string };
    if (told.stored) stored.push(told.stored);
    if (told.failed) failed.push(told.failed);
    if (told.streamed) streamed.push(told.streamed);
  });
  const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]);
  return {
    stored,
    failed,
    streamed,
    hasEnded: () => child.exitCode !== null,
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}

describe('several instances behind nginx and HAProxy, as they are configured in deploy/', function () {
  this.timeout(240_000);

  it('stream events, and lose no request of REST or MCP while one after the other restarts', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    const certificates = await createCertificates(folder.path);
    const pem = await Promise.all([certificates.cert, certificates.key].map(file => readFile(file, 'utf8')));
    await writeFile(join(folder.path, 'memory-central.crt'), pem[0]!);
    await writeFile(join(folder.path, 'memory-central.key'), pem[1]!);
    await writeFile(join(folder.path, 'memory-central.pem'), pem.join(''));
    const instances = [await freePorts(), await freePorts()] as const;
    const homes = ['one', 'two'].map(name => join(folder.path, name));
    for (const home of homes) await mkdir(home);
    const running = await Promise.all(instances.map((ports, i) => startInstance(redis, homes[i]!, ports)));
    try {
      await using nginx = await startBalanced(balancers[0]!, instances, folder.path, certificates);
      await using haproxy = await startBalanced(balancers[1]!, instances, folder.path, certificates);
      const ways = [nginx, haproxy];
      const allGoOn = () => Promise.all(ways.map(way => way.goesOn()));
      await allGoOn();
      await until(() => ways.every(({ load }) => load.streamed.length === 2 || load.failed.length > 0));
      for (const [i, ports] of instances.entries()) {
        assert.equal(await stop(running[i]!), 0);
        await allGoOn();
        running[i] = await startInstance(redis, homes[i]!, ports);
        await until(async () => (await requestsTo(ports)).every(count => count > 10));
        await allGoOn();
      }
      for (const way of ways) {
        await way.load.end();
        assert.deepEqual(way.load.failed, [], way.said());
      }
      await using desk = await cliHome();
      const env = { REDIS_URL: redis.url };
      const { total } = await desk.json(['list', '--namespace', 'global'], { env });
      assert.equal(total, ways[0]!.load.stored.length + ways[1]!.load.stored.length);
    } finally {
      for (const child of running) child.kill('SIGKILL');
    }
  });
});
