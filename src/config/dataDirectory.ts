import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where this user's memories, snapshots and tokens are, by the platform's own custom:
 * `%LOCALAPPDATA%`, `~/Library/Application Support`, `$XDG_DATA_HOME` or `~/.local/share`.
 */
export function dataDirectory(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env['MEMORY_CENTRAL_HOME']) return env['MEMORY_CENTRAL_HOME'];
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'memory-central');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'memory-central');
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'memory-central');
}
