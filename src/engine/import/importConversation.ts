import type { Caller } from '../model/caller.ts';
import { writeNamespace } from '../model/namespace.ts';
import { isObject, readJson } from '../model/readJson.ts';
import type { ImportedConversation } from '../ports/importSource.ts';
import type { WorkingMemoryRecords } from '../ports/workingMemoryRecords.ts';
import { concernsOne } from './concernsOne.ts';
import type { ImportTally } from './importSummary.ts';

/** Takes what a conversation held, unless it has gone on here. */
export async function importConversation(
  records: WorkingMemoryRecords,
  { conversation, lifeMs, text }: ImportedConversation,
  options: { readonly dryRun: boolean; readonly namespace?: string | undefined },
  caller: Caller,
  tally: ImportTally,
): Promise<void> {
  try {
    const namespace = writeNamespace(options.namespace ?? conversation.namespace, caller);
    const key = { ...conversation, namespace };
    const before = await records.get(key);
    if (before !== undefined && changedAt(before) >= changedAt(text)) {
      tally.unchanged++;
      return;
    }
    if (!options.dryRun) await records.put(key, text, lifeMs);
    if (before === undefined) tally.added++;
    else tally.updated++;
  } catch (error) {
    if (!concernsOne(error)) throw error;
    tally.skip({ where: conversation.session, reason: error.message });
  }
}

function changedAt(text: string): number {
  const memory = readJson(text);
  const at = isObject(memory) ? memory['updatedAt'] : undefined;
  return typeof at === 'number' ? at : 0;
}
