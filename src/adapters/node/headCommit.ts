import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitDirectory } from './repositoryNamespace.ts';

const COMMIT = /^[0-9a-f]{40,64}$/;

/**
 * The commit that is checked out; undefined before the first one.
 * Read from the files, since starting git costs more than everything else a selection needs.
 * @param root of the repository, which holds `.git`
 */
export function headCommit(root: string): string | undefined {
  const { own, common } = gitDirectory(root);
  const head = readText(join(own, 'HEAD'));
  if (head === undefined || COMMIT.test(head)) return head;
  const ref = /^ref:\s*(\S+)$/.exec(head)?.[1];
  if (ref === undefined) return undefined;
  const loose = readText(join(common, ref));
  if (loose !== undefined && COMMIT.test(loose)) return loose;
  const packed = readText(join(common, 'packed-refs'))
    ?.split('\n')
    .find(line => line.endsWith(` ${ref}`));
  return packed?.split(' ')[0];
}

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}
