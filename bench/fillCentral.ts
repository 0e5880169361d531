import { miniLm } from '../src/adapters/onnx/miniLm.ts';
import { draft } from '../test/fixtures/drafts.ts';
import { openMachine } from '../test/fixtures/machine.ts';
import { randomUnit, seeded } from '../test/fixtures/vectors.ts';
import { caller } from './centralClient.ts';
import { syntheticMemories } from './corpus.ts';

const BATCH = 500;

/** The memories, and vectors that machines take over from each other. */
export async function fillCentral(path: string, port: number, count: number): Promise<void> {
  await using machine = await openMachine({ path, port });
  const notes = [...syntheticMemories(count)].map(({ content, tags }) => draft(content, { tags }));
  for (let at = 0; at < count; at += BATCH)
    await machine.memories.insert(notes.slice(at, at + BATCH), caller);
  const random = seeded(7);
  for (;;) {
    const pending = await machine.embeddings.pending(miniLm.id, BATCH);
    if (pending.length === 0) break;
    const vectors = pending.map(one => ({ ...one, vector: randomUnit(miniLm.dimensions, random) }));
    await machine.embeddings.put(miniLm.id, miniLm.dimensions, vectors);
  }
  const { waiting, problem } = (await machine.report()).central!;
  if (waiting > 0) throw new Error(`${waiting} memories are not in Redis: ${problem}`);
}
