import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * The full path of a program; undefined when there is none. Only absolute folders count: the folder that somebody works in may hold a
 * program of that name, which nobody asked for.
 * @param path as in the variable PATH
 */
export async function findProgram(name: string, path: string): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const program = join(folder, file);
    try {
      await access(program, constants.X_OK);
      return program;
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}
