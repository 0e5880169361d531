import type { IndexSource } from '../../ports/indexSource.ts';
import type { IndexModel } from '../../ports/memoryIndex.ts';
import type { ServerSearch } from '../../ports/serverSearch.ts';

/**
 * Compares how many documents the server's index has with how many it should; where they differ, everything is projected anew.
 * @param level as `SearchProjectorOptions.level`: changes that wait here cannot be there
 */
export async function compareWithServer(
  search: ServerSearch,
  source: IndexSource,
  model: IndexModel | null,
  level: () => Promise<boolean>,
): Promise<{ checked: number; repaired: readonly string[] }> {
  const { behind, documents, ready } = await search.report(model);
  const isLevel = await level();
  const { open } = await source.count();
  const after = await search.report(model);
  const still = isLevel && behind === 0 && after.behind === 0 && after.documents === documents && ready;
  if (!still || documents === open) return { checked: documents, repaired: [] };
  await search.restart(model);
  return { checked: documents, repaired: [`${documents} documents on the server instead of ${open}`] };
}
