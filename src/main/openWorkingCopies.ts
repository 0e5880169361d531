import { FolderCopies } from '../adapters/files/folderCopies.ts';
import { gitRecords } from '../adapters/import/git.ts';
import { repositoryNamespace, repositoryRoot } from '../adapters/node/repositoryNamespace.ts';

/** The repositories of the folders that are added to it. */
export function openWorkingCopies(...folders: readonly string[]): FolderCopies {
  const copies = new FolderCopies({ findRepository, git: gitRecords });
  for (const folder of folders) copies.add(folder);
  return copies;
}

function findRepository(folder: string) {
  return { root: repositoryRoot(folder), name: repositoryNamespace(folder) };
}
