import { join } from 'node:path';

/** A program, and how to start it. */
export interface Runtime {
  /** The Node (or Electron) that runs this process. */
  readonly executable: string;
  readonly electron: boolean;
  /** `dist/cli.js` of this installation. */
  readonly program: string;
  readonly platform: NodeJS.Platform;
}

/**
 * Where clients find the program, whatever release is installed: a small script in the data directory, which every `connect`
 * points at the release it belongs to.
 */
export function launcherPath(dataDirectory: string, platform: NodeJS.Platform): string {
  return join(dataDirectory, 'bin', platform === 'win32' ? 'memory-central.cmd' : 'memory-central');
}

/** Windows starts scripts through its shell only. */
export function launchCommand(
  dataDirectory: string,
  platform: NodeJS.Platform,
  args: readonly string[],
): { command: string; args: string[] } {
  const launcher = launcherPath(dataDirectory, platform);
  return platform === 'win32'
    ? { command: 'cmd', args: ['/c', launcher, ...args] }
    : { command: launcher, args: [...args] };
}

/** The script. It carries the data directory, since a client that was started from a desktop has another environment. */
export function launcherText(
  dataDirectory: string,
  { executable, electron, program, platform }: Runtime,
): string {
  const comment =
    'Starts Memory Central. Written by `memory-central connect`, and written again after an update.';
  if (platform === 'win32') {
    return [
      '@echo off',
      `rem ${comment}`,
      'setlocal',
      `if not defined MEMORY_CENTRAL_HOME set "MEMORY_CENTRAL_HOME=${batch(dataDirectory)}"`,
      ...(electron ? ['set "ELECTRON_RUN_AS_NODE=1"'] : []),
      `"${batch(executable)}" "${batch(program)}" %*`,
      '',
    ].join('\r\n');
  }
  return [
    '#!/bin/sh',
    `# ${comment}`,
    `if [ -z "$MEMORY_CENTRAL_HOME" ]; then MEMORY_CENTRAL_HOME=${shell(dataDirectory)}; fi`,
    'export MEMORY_CENTRAL_HOME',
    ...(electron ? ['ELECTRON_RUN_AS_NODE=1; export ELECTRON_RUN_AS_NODE'] : []),
    `exec ${shell(executable)} ${shell(program)} "$@"`,
    '',
  ].join('\n');
}

function shell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function batch(text: string): string {
  return text.replaceAll('%', '%%');
}
