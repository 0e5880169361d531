import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. Plain JavaScript, since it runs before anything is installed. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a command with its output shown; ends this process when it fails and `must` is true. @returns whether it succeeded */
export function run(command, args, { must = true, env = {}, quiet = false } = {}) {
  const { status, error, stdout } = spawnSync(command, args, {
    cwd: root,
    stdio: quiet ? ['ignore', 'pipe', 'inherit'] : 'inherit',
    encoding: 'utf8',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (status === 0) return true;
  if (must) {
    console.error(
      `\n${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}${stdout ? `\n${stdout}` : ''}`,
    );
    process.exit(1);
  }
  return false;
}

/** The packages of the lockfile, without their install scripts: none is needed. */
export function installPackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 18)) {
    console.error(`Node ${process.versions.node} is too old: use Node 20.18 or newer.`);
    process.exit(1);
  }
  if (existsSync(join(root, 'node_modules', '.package-lock.json'))) return;
  console.log('Installing packages …');
  run('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error']);
}

/** Compiles `dist/`. */
export function build() {
  run(process.execPath, ['--import', 'tsx', 'src/build/build.ts']);
}
