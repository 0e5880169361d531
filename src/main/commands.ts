import { readFileSync } from 'node:fs';
import { repositoryRoot } from '../adapters/node/repositoryNamespace.ts';
import { localToken, tokenPath } from '../adapters/node/tokenFile.ts';
import { MemoryError } from '../engine/errors.ts';
import { runCli } from '../surfaces/cli/runCli.ts';
import { builtFile } from './assets.ts';
import { checkBriefly, checkMachine } from './checkMachine.ts';
import { checkSettings } from './checkSettings.ts';
import { openJobQueue } from './openJobQueue.ts';
import { createRuntime } from './runtime.ts';
import { version } from './version.ts';

/** Every command but the servers; loaded by cli.ts. */
async function main(): Promise<void> {
  const given = new AbortController();
  const stop = () => {
    // The second time somebody insists: no more waiting for a clean end.
    if (given.signal.aborted) process.exit(130);
    given.abort(new MemoryError('cancelled', 'The command was stopped.', 'What was done until then stays.'));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  // A reader that closed its end, such as `head`, has enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(afterOutput(0, error)));
  const code = await runCli(
    process.argv.slice(2),
    {
      version: version(),
      streams: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: process.env },
      cwd: process.cwd(),
      projectRoot: repositoryRoot(process.cwd()) ?? process.cwd(),
      runtime: {
        executable: process.execPath,
        electron: 'electron' in process.versions,
        program: builtFile('cli.js'),
        platform: process.platform,
      },
      checkMachine,
      checkBriefly,
      checkSettings,
      // Loaded late: it brings the engine's parts, which other commands may not need.
      migrate: async (...given) => (await import('./migrate.ts')).migrate(...given),
      httpToken: (folder, { create } = { create: true }) =>
        create ? localToken(folder) : readFileSync(tokenPath(folder), 'utf8').trim(),
      openRuntime: overrides => createRuntime(overrides, { jobs: openJobQueue }),
    },
    given.signal,
  );
  // Nothing may linger: the answer is out, the engine closed.
  process.stdout.write('', error => process.exit(afterOutput(code, process.stdout.errored ?? error)));
}

/** The exit code, which an answer that did not get out changes. */
function afterOutput(code: number, error: NodeJS.ErrnoException | null | undefined): number {
  if (!error || error.code === 'EPIPE') return code;
  process.stderr.write(`error: The answer could not be written: ${error.message}\n`);
  return 5;
}

void main();
