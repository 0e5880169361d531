import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, installPackages, root, run } from './install.mjs';

/**
 * `npm test`: everything, from a bare clone. `npm run check` is its first half, which needs no server; `-- --only unit,e2e` runs a part.
 * Each check and each test counts once in the closing line.
 */
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : undefined;
const wanted = part => only === undefined || only.includes(part);
const counts = { passed: 0, failed: 0 };

installPackages();
if (wanted('unit') || wanted('e2e')) installSystemPackage('redis-server', 'redis-server', 'central Redis');
if (wanted('unit')) {
  installSystemPackage('openssl', 'openssl', 'central Redis with TLS');
  installSystemPackage('python3-pip', 'pip3', 'central Redis with search');
}
if (wanted('e2e')) installSystemPackage('chromium', '/usr/bin/chromium', 'real editor');
build();

const bin = name => join('node_modules', '.bin', name);
if (wanted('check')) {
  check('types', bin('tsc'), ['-p', '.']);
  check('format and lint', bin('biome'), ['check', '.']);
  check('direction of imports', bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'src']);
  check('nothing unused', bin('knip'), []);
  check('generated files are current', process.execPath, [
    '--import',
    'tsx',
    'src/build/generate.ts',
    '--check',
  ]);
}
if (wanted('unit')) {
  mocha('tests on this Node', process.execPath, ['test/**/*.test.ts']);
  const other = otherNode();
  mocha(`the stores on ${other.name}`, other.path, [
    'test/adapters/sqlite/*.test.ts',
    'test/adapters/vector/*.test.ts',
    'test/main/*.test.ts',
  ]);
}
if (wanted('e2e')) mocha('end to end', process.execPath, ['test/e2e/**/*.e2e.ts']);

console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function check(what, command, args) {
  console.log(`\n— ${what}`);
  counts[run(command, args, { must: false }) ? 'passed' : 'failed'] += 1;
}

function mocha(what, node, args) {
  console.log(`\n— ${what}`);
  const { stdout, status } = spawnSync(node, ['node_modules/mocha/bin/mocha.js', '--exit', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  process.stdout.write(stdout);
  const count = word => Number(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'm').exec(stdout)?.[1] ?? 0);
  counts.passed += count('passing');
  counts.failed += count('failing');
  // A runner that died, or ran nothing, has failed whatever it counted.
  if ((status !== 0 && count('failing') === 0) || count('passing') === 0) counts.failed += 1;
}

/** The line of Node that does not run this: 24 (node:sqlite) beside 20 (libsql), and the reverse. */
function otherNode() {
  const major = process.versions.node.startsWith('20.') ? '24' : '20';
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'test/fixtures/printNode.ts', major],
    {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  if (status !== 0) process.exit(1);
  return { name: `Node ${major}`, path: stdout.trim() };
}

/** A program that tests need, of the system's packages: installed where that is possible, else named. */
function installSystemPackage(name, program, what) {
  const isThere = () => spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0;
  if (isThere()) return;
  const command = `apt-get update && apt-get install -y ${name}`;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('sh', [
      '-c',
      `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ${name} >/dev/null`,
    ]);
  }
  if (!isThere()) {
    console.error(`The tests of the ${what} need ${program}. Install it: ${command}`);
    process.exit(1);
  }
}
