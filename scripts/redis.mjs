import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { root } from './install.mjs';

/**
 * `npm run redis`: a central Redis for a try, on loopback, that keeps every memory: each change on disk, nothing dropped when it is full.
 * Its data stay in `.cache/redis` until the next try, or in the folder of `npm run redis -- <folder>`. Ctrl-C ends it.
 */
const HOST = '127.0.0.1';
const FIRST_PORT = 16_379;
const LAST_PORT = FIRST_PORT + 100;
const OLDEST_MAJOR = 7;

const folder = resolve(process.argv[2] ?? join(root, '.cache', 'redis'));
const claim = join(folder, 'process');

checkProgram();
mkdirSync(folder, { recursive: true, mode: 0o700 });
const file = join(folder, 'redis.conf');
claimFolder();
const port = await freePort();
writeFileSync(
  file,
  [
    `bind ${HOST}`,
    `port ${port}`,
    `dir ${JSON.stringify(folder)}`,
    'appendonly yes',
    'appendfsync always',
    'save 3600 1 300 100',
    'maxmemory-policy noeviction',
    // A hash in one piece takes less: docs/redis-schema.md.
    'hash-max-listpack-value 4096',
    '',
  ].join('\n'),
);

// In a group of its own: the terminal's Ctrl-C would reach it beside ours, and a second signal makes it end without saving.
const server = spawn('redis-server', [file], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
let log = '';
server.stdout.setEncoding('utf8').on('data', text => {
  if (log === undefined) return;
  log += text;
  if (!log.includes('Ready to accept connections')) return;
  log = undefined;
  console.log(`A central Redis for a try; its data are in ${folder}. Ctrl-C ends it.

  export REDIS_URL=redis://${HOST}:${port}
  memory-central doctor      # here: node dist/cli.js doctor
`);
});
let isEnding = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // The second time somebody insists, as where its folder was deleted and it cannot save; changes are on disk already.
    if (isEnding) return server.kill('SIGKILL');
    isEnding = true;
    server.kill('SIGTERM');
    // While it writes its first file of commands it does not end before it is asked again.
    setInterval(() => server.kill('SIGTERM'), 1_000);
  });
}
server.on('exit', code => {
  rmSync(claim, { force: true });
  if (!isEnding) console.error(log ?? 'Redis ended.');
  process.exit(isEnding ? 0 : code || 1);
});

function checkProgram() {
  const { stdout, error } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  const version = /v=(\d+)[\d.]*/.exec(stdout ?? '');
  if (!error && version && Number(version[1]) >= OLDEST_MAJOR) return;
  const what = error ? 'redis-server is not in the PATH' : `redis-server ${version?.[0] ?? '?'} is too old`;
  const how = {
    linux: 'apt-get install redis-server (or dnf, pacman, apk: redis)',
    darwin: 'brew install redis',
    win32: 'in WSL: apt-get install redis-server',
  };
  console.error(
    `${what}. Redis ${OLDEST_MAJOR} or newer is needed: ${how[process.platform] ?? 'https://redis.io'}`,
  );
  process.exit(1);
}

/** Two servers on the same files would spoil them. */
function claimFolder() {
  try {
    writeFileSync(claim, `${process.pid}`, { flag: 'wx' });
  } catch {
    const holder = Number(readFileSync(claim, 'utf8'));
    if (isAlive(holder)) {
      const port = existsSync(file) ? /^port (\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
      console.error(
        `It runs already: REDIS_URL=redis://${HOST}:${port ?? '?'} (if it does not, delete ${claim})`,
      );
      process.exit(1);
    }
    rmSync(claim, { force: true });
    claimFolder();
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch {
    return false;
  }
}

/** The first that nobody listens on. */
async function freePort() {
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) if (await isFree(port)) return port;
  console.error(`No port between ${FIRST_PORT} and ${LAST_PORT} is free.`);
  process.exit(1);
}

function isFree(port) {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}
