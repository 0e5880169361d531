import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * The namespace of a folder: its repository's remote, normalised (`github.com/owner/name`); without a remote, the name of the
 * repository's root (or of the folder) and a hash of its path, which tells two folders `api` apart.
 */
export function repositoryNamespace(folder: string): string {
  const root = repositoryRoot(folder);
  const remote = root && remoteUrl(root);
  const normalised = remote && normaliseRemote(remote);
  if (normalised) return normalised;
  const home = realPath(root ?? resolve(folder));
  const hash = createHash('sha256').update(home).digest('hex').slice(0, 8);
  return `${
    basename(home)
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[-]+/, '') || 'folder'
  }-${hash}`;
}

/** The folder that holds `.git`, at or above this one; undefined outside a repository. */
export function repositoryRoot(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/**
 * `git@github.com:Owner/Name.git`, `https://user:pw@github.com/Owner/Name/` and `ssh://git@github.com:22/Owner/Name` are all
 * `github.com/owner/name`. Credentials never get in. undefined for a path of this machine.
 */
export function normaliseRemote(url: string): string | undefined {
  const match =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/i.exec(url) ??
    /^(?:[^@/]+@)?([^/:]{2,}):(?!\/\/)(.+)$/.exec(url);
  if (!match || url.startsWith('file:')) return undefined;
  const path = match[2]!
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/^[/~]+/, '');
  const name = `${match[1]}/${path}`.toLowerCase().replace(/[^\p{L}\p{N}._/@~+-]+/gu, '-');
  return path ? name.slice(0, 200) : undefined;
}

/** `origin`, else the first remote. Read from the configuration, since starting git costs more than everything else here. */
function remoteUrl(root: string): string | undefined {
  const config = join(gitDirectory(root).common, 'config');
  if (!existsSync(config)) return undefined;
  const remotes = new Map<string, string>();
  let current: string | undefined;
  for (const line of readFileSync(config, 'utf8').split('\n')) {
    const section = /^\s*\[(?:remote\s+"(.+)"|.*)\]/.exec(line);
    if (section) current = section[1];
    const url = current && /^\s*url\s*=\s*(.+?)\s*$/.exec(line)?.[1];
    if (url && current && !remotes.has(current)) remotes.set(current, url);
  }
  return remotes.get('origin') ?? remotes.values().next().value;
}

/**
 * A worktree's or submodule's `.git` is a file that names the real folder: `own` holds its HEAD, `common` the configuration and refs.
 */
export function gitDirectory(root: string): { readonly own: string; readonly common: string } {
  const git = join(root, '.git');
  if (statSync(git).isDirectory()) return { own: git, common: git };
  const target = /^gitdir:\s*(.+)$/m.exec(readFileSync(git, 'utf8'))?.[1]?.trim();
  if (!target) return { own: git, common: git };
  const own = resolve(root, target);
  const shared = join(own, 'commondir');
  return { own, common: existsSync(shared) ? resolve(own, readFileSync(shared, 'utf8').trim()) : own };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
