#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { dataDirectory } from '../config/dataDirectory.ts';
import { builtFile } from './assets.ts';
import { version } from './version.ts';

/** Options of every command, and the servers' own, as the settings that carry them there. */
const CARRIED = {
  '--namespace': 'MEMORY_NAMESPACE',
  '--database': 'DATABASE_URL',
  '--agent': 'MEMORY_AGENT',
  '--tools': 'MEMORY_TOOLS',
};

/** Those that run until they are stopped. */
const PROGRAMS: Readonly<Record<string, string>> = {
  mcp: 'mcp.js',
  serve: 'server.js',
  worker: 'worker.js',
};

/**
 * `memory-central`: tells who is wanted and loads nothing else, since clients wait for the MCP server to start.
 * The programs are told apart by file, so that none pays for another's code.
 */
function main(args: readonly string[]): void {
  const load = createRequire(builtFile('cli.js'));
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${version()}\n`);
  } else if (PROGRAMS[args[0] ?? ''] && !args.includes('--help') && !args.includes('-h')) {
    process.argv.splice(2, process.argv.length, ...carrySettings(args.slice(1)));
    load(builtFile(PROGRAMS[args[0]!]!));
  } else if (args.includes('digest') && args.includes('--hook')) {
    carrySettings(args);
    load(builtFile('hook.js'));
  } else {
    const folder = dataDirectory();
    // Only where the store made it already, with permissions of its own.
    if (existsSync(folder)) enableCompileCache?.(join(folder, 'compile-cache'));
    load(builtFile('commands.js'));
  }
}

/** Options that are settings become those, with a note of which, for whoever has to name them; what is left is the server's own. */
function carrySettings(args: readonly string[]): string[] {
  const left: string[] = [];
  const flags: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = args[i]!.split(/=(.*)/s);
    const variable = CARRIED[name as keyof typeof CARRIED];
    if (variable === undefined) left.push(args[i]!);
    else {
      process.env[variable] = inline ?? args[++i] ?? '';
      flags.push(`${variable}=${name}`);
    }
  }
  process.env['MEMORY_CENTRAL_FLAGS'] = flags.join(' ');
  return left;
}

try {
  process.cwd();
} catch {
  process.stderr.write('error: The working directory is gone.\nChange to a folder that exists.\n');
  process.exit(5);
}
main(process.argv.slice(2));
