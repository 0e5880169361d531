import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { placesOf, pluginOptions } from '../commands/connect.ts';
import { isPluginOn, pluginFolder, pluginSettings, stalePluginFiles } from '../connect/plugin.ts';
import { readTextFile } from '../connect/textFile.ts';
import type { Session } from '../session.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Whether Claude Code has the plugin as this release writes it; undefined where it has none. */
export async function checkPlugin(session: Session): Promise<Finding | undefined> {
  const places = placesOf(session);
  try {
    if (!(await isPluginOn(places))) return undefined;
    const folder = pluginFolder(session.runtime.dataDirectory);
    const http = (await readTextFile(join(folder, '.mcp.json')))?.includes('"url"') ?? false;
    const commands = existsSync(join(folder, 'skills'));
    const stale = await stalePluginFiles(folder, pluginOptions(session, { http, commands }));
    if (stale.length === 0) return ok('claude', `connected by the plugin in ${folder}`);
    return warn(
      'claude',
      `the plugin in ${folder} is not that of this release: ${stale.join(', ')}`,
      'Repeat memory-central connect claude --plugin; it is written again.',
    );
  } catch (error) {
    const fix = `Correct ${pluginSettings(places)}, or Claude Code may not read it.`;
    return warn('claude', (error as Error).message, fix);
  }
}
