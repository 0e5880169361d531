import { spawn, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { build, installPackages, root } from './install.mjs';
import { trialEnvironment } from './trialEnvironment.mjs';

/**
 * `npm start`: from a bare clone to a memory that answers. Installs, builds, imports this repository's own documentation, asks one
 * question, and then serves MCP. Everything is kept in `.cache/start`, whatever memory the environment names; a folder that is given as an
 * argument takes its place.
 */
const QUESTION = 'What happens to a write when the process is killed right after it was acknowledged?';
const NAMESPACE = 'memory-central-docs';
const cli = join(root, 'dist', 'cli.js');

installPackages();
build();

const home = resolve(process.argv[2] ?? join(root, '.cache', 'start'));
const env = trialEnvironment(process.env, home, NAMESPACE);

console.log('\nImporting the documentation of this repository …');
const imported = spawnSync(process.execPath, [cli, 'import', 'markdown', '.', '--wait'], {
  cwd: root,
  env,
  stdio: 'inherit',
});
if (imported.status !== 0) process.exit(imported.status ?? 1);

console.log(`\nAsking: ${QUESTION}\n`);
const answer = spawnSync(process.execPath, [cli, 'recall', '--limit', '3', QUESTION], {
  cwd: root,
  env,
  encoding: 'utf8',
});
process.stdout.write(answer.stdout);
process.stderr.write(answer.stderr);
if (answer.status !== 0) process.exit(answer.status ?? 1);

console.log(`
That was a trial memory of its own, in ${home}; the address below serves it until you press Ctrl-C.

Connect your agents to your own memory (each command shows what it changes, and asks):
  Claude Code   node ${cli} connect claude --plugin
  VS Code       npm run package, then install the .vsix; or: node ${cli} connect vscode
  Others        node ${cli} connect codex|gemini|cursor|opencode
`);
const server = spawn(process.execPath, [cli, 'serve'], {
  cwd: root,
  env,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', code => process.exit(code ?? 0));
