import { relative, sep } from 'node:path';
import { headCommit } from '../adapters/node/headCommit.ts';
import { repositoryNamespace, repositoryRoot } from '../adapters/node/repositoryNamespace.ts';
import type { Anchor } from '../engine/model/memory.ts';

/** Where a file stands: in its repository and at which commit; outside of one, by its path alone. */
export function anchorOf(file: string): Anchor {
  const root = repositoryRoot(file);
  if (root === undefined) return { path: file.split(sep).join('/') };
  const commit = headCommit(root);
  return {
    repository: repositoryNamespace(root),
    path: relative(root, file).split(sep).join('/'),
    ...(commit !== undefined && { commit }),
  };
}
