import type { Caller } from '../model/caller.ts';
import { writeNamespace } from '../model/namespace.ts';
import type { Identity } from '../ports/identity.ts';
import type { ExportedMemory } from '../ports/importSource.ts';
import type { NewMemory } from '../ports/memoryStore.ts';
import type { SecretScanner } from '../ports/secretScanner.ts';
import { newReview } from '../review/reviewRules.ts';
import { checkMemory } from './checkMemory.ts';
import { contentHashOf } from './contentHash.ts';
import { maskMemory } from './maskMemory.ts';
import type { SecretPolicy } from './maskSecrets.ts';
import { tidy } from './tidy.ts';

interface Means {
  readonly identity: Identity;
  readonly secrets: SecretScanner;
  readonly secretPolicy: SecretPolicy;
}

/** A memory of an export as the store takes it, with the rules of the secrets that were masked; see `Memories.restore`. */
export async function restoredDraft(
  { memory: given, versions: old }: ExportedMemory,
  caller: Caller,
  { identity, secretPolicy, secrets }: Means,
): Promise<{ draft: NewMemory; rules: readonly string[] }> {
  checkMemory(given);
  const { memory, rules } = await maskMemory(given, secrets, secretPolicy);
  const versions = await Promise.all(
    old.map(async one => {
      const { memory: before } = await maskMemory(one.memory, secrets, secretPolicy);
      return { ...one, memory: { ...before, contentHash: contentHashOf(before, identity.sha256) } };
    }),
  );
  const { owner, updatedAt, accessedAt, accessCount, version, ...fields } = memory;
  const draft: NewMemory = {
    ...fields,
    ...newReview(memory, caller),
    namespace: writeNamespace(memory.namespace, caller),
    contentHash: contentHashOf(memory, identity.sha256),
    tags: tidy(memory.tags),
    restored: {
      owner: memory.visibility === 'public' ? owner : caller.principal.id,
      updatedAt,
      accessedAt,
      accessCount,
      version,
      versions,
    },
  };
  return { draft, rules };
}
