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
/** What the runners printed of tests that failed: said once more at the end, where nobody has to look for it. */
const failures = [];

installPackages();
/** Name, program, and of what the tests are that need it. */
const SYSTEM_PACKAGES = [
  ...(wanted('unit') || wanted('e2e') ? [['redis-server', 'redis-server', 'central Redis']] : []),
  ...(wanted('unit')
    ? [
        ['openssl', 'openssl', 'central Redis with TLS'],
        ['python3-pip', 'pip3', 'central Redis with search'],
        ['nginx', 'nginx', 'instances behind nginx'],
        ['haproxy', 'haproxy', 'instances behind HAProxy'],
        ['ufw', 'ufw', 'firewall'],
        ['prometheus-alertmanager', 'amtool', 'routes of alerts'],
        ['systemd', 'systemd-analyze', 'units of systemd'],
      ]
    : []),
  ...(wanted('e2e') ? [['chromium', '/usr/bin/chromium', 'real editor']] : []),
];
installSystemPackages();
build();

const bin = name => join('node_modules', '.bin', name);
if (wanted('check')) {
  check('types', bin('tsc'), ['-p', '.']);
  check('types of the pages', bin('tsc'), ['-p', 'webview']);
  check('format and lint', bin('biome'), ['check', '.']);
  check('direction of imports', bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'src', 'webview']);
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

for (const failure of failures) console.log(`\n${failure}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function check(what, command, args) {
  console.log(`\n— ${what}`);
  const passed = run(command, args, { must: false });
  counts[passed ? 'passed' : 'failed'] += 1;
  if (!passed) failures.push(`— ${what} failed`);
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
  const failed = stdout.search(/^\s*\d+ failing$/m);
  if (failed !== -1) failures.push(`— ${what}${stdout.slice(failed)}`);
  const count = word => Number(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'm').exec(stdout)?.[1] ?? 0);
  counts.passed += count('passing');
  counts.failed += count('failing');
  // A runner that died, or ran nothing, has failed whatever it counted.
  if ((status !== 0 && count('failing') === 0) || count('passing') === 0) {
    counts.failed += 1;
    failures.push(`— ${what} ended with ${status} before it had run its tests`);
  }
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

/** Programs that tests need, of the system's packages: installed where that is possible, else named. */
function installSystemPackages() {
  // Some lie where only the administrator's path leads.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const missing = () =>
    SYSTEM_PACKAGES.filter(
      ([, program]) => spawnSync('sh', ['-c', 'command -v "$0"', program], { env }).status !== 0,
    );
  const names = missing().map(([name]) => name);
  if (names.length === 0) return;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('sh', [
      '-c',
      `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ${names.join(' ')} >/dev/null`,
    ]);
  }
  for (const [name, program, what] of missing())
    console.error(
      `The tests of the ${what} need ${program}. Install it: apt-get update && apt-get install -y ${name}`,
    );
  if (missing().length > 0) process.exit(1);
}
