import type { NewMemory } from '../src/engine/ports/memoryStore.ts';
import type { Store } from '../src/engine/ports/store.ts';
import { caller, MODEL } from './centralClient.ts';

const BATCH = 500;
const LOOK_MS = 200;
export const WHERE = { process: 'in the process', server: 'on the server' };

/** Stores these, with their vectors. */
export async function fill(
  machine: Store,
  notes: readonly NewMemory[],
  vectorOf: (id: string) => Float32Array,
): Promise<void> {
  for (let i = 0; i < notes.length; i += BATCH)
    await machine.memories.insert(notes.slice(i, i + BATCH), caller);
  for (;;) {
    const pending = await machine.embeddings.pending(MODEL.id, BATCH);
    if (pending.length === 0) return;
    const some = pending.map(({ contentHash, id, num }) => ({ num, contentHash, vector: vectorOf(id) }));
    await machine.embeddings.put(MODEL.id, MODEL.dimensions, some);
  }
}

/** Waits until the server's index has so many memories, and can be searched. */
export async function untilProjected(machine: Store, count: number): Promise<void> {
  for (;;) {
    const { behind, documents, ready } = await machine.search!.report(MODEL);
    if (ready && behind === 0 && documents === count) return;
    await new Promise(resolve => setTimeout(resolve, LOOK_MS));
  }
}
