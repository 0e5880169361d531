import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '../../../fixtures/temporaryFolder.ts';

const USER = 'ada';
const HOST = 'laptop';
/** Home folder of the person in the pictures. */
export const HOME = `/home/${USER}`;

/** Given what becomes /home, what becomes /etc/passwd, and a program. Homes that this machine has stay where they are. */
const ENTER = `set -e; home=$1; passwd=$2; shift 2
for one in /home/*; do if [ -d "$one" ]; then mount --rbind "$one" "$home/\${one##*/}"; fi; done
mount --rbind "$home" /home; mount --bind "$passwd" /etc/passwd; hostname ${HOST}; exec "$@"`;

/** This process runs as the person whose machine the pictures show. */
export function isOtherMachine(): boolean {
  return hostname() === HOST && userInfo().username === USER;
}

/**
 * Runs this program again, in Linux namespaces of its own, as another person on another machine: no picture shows a name or a path of the
 * machine that it was taken on.
 * @returns exit code; throws where namespaces cannot be made
 */
export async function runOnOtherMachine(): Promise<number> {
  await using folder = await temporaryFolder();
  const home = join(folder.path, 'home');
  for (const one of [USER, ...(await readdir('/home'))]) await mkdir(join(home, one), { recursive: true });
  const passwd = join(folder.path, 'passwd');
  // In these namespaces whoever makes them is user 0.
  const others = (await readFile('/etc/passwd', 'utf8')).replace(/^[^:\n]*:[^:\n]*:0:.*\n/m, '');
  await writeFile(passwd, `${USER}:x:0:0::${HOME}:/bin/sh\n${others}`);
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('unshare', ['-rmu', 'sh', '-c', ENTER, 'sh', home, passwd, ...again], {
    env: { ...process.env, HOME, USER, LOGNAME: USER },
    stdio: 'inherit',
  });
  return await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => resolve(code ?? 1));
  });
}
