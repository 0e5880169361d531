import { createHash } from 'node:crypto';
import type { NewEmbedding } from '../src/engine/ports/embeddingRecords.ts';
import type { LearningEntry } from '../src/engine/ports/learningQueue.ts';
import type { NodeRecord } from '../src/engine/ports/nodeRegistry.ts';
import type { NewSession } from '../src/engine/ports/sessionRecords.ts';
import type { ToolCall } from '../src/engine/ports/toolResultCache.ts';
import { randomUnit, seeded } from '../test/fixtures/vectors.ts';

/** Vectors of records are those of other programs' models. */
export const RECORD_DIMENSIONS = 768;

const random = seeded(11);

/** 1 KB in all. */
export function typicalSession(i: number): NewSession {
  return {
    id: `session-${i}`,
    context: prose(`session ${i}`, 750),
    files: ['src/engine/memories/memories.ts', 'src/adapters/redis/redisCentralLog.ts', 'docs/ranking.md'],
    currentTask: prose(`task ${i}`, 100),
    lastTool: 'bash',
    node: `node-${i % 20}`,
  };
}

/** 4 KB in all, 3,072 bytes of it the vector. */
export function typicalEmbedding(i: number, sessions: number): NewEmbedding {
  const text = prose(`embedding ${i}`, 700);
  return {
    sha256: sha256(text),
    vector: randomUnit(RECORD_DIMENSIONS, random),
    text,
    source: `session:session-${i % sessions}`,
    toolContext: prose(`tool of embedding ${i}`, 150),
    success: i % 10 !== 0,
  };
}

/** 2 KB in all. */
export function typicalUse(i: number): LearningEntry {
  return {
    sessionId: `session-${i % 100}`,
    userQuery: prose(`query ${i}`, 200),
    toolUsed: 'bash',
    toolArgs: JSON.stringify({ command: prose(`command ${i}`, 250) }),
    result: prose(`result ${i}`, 1_400),
    success: i % 10 !== 0,
    durationMs: i % 5_000,
    node: `node-${i % 20}`,
  };
}

/** The call; its result has 8 KB. */
export function typicalCall(i: number): { readonly call: ToolCall; readonly result: string } {
  const call = {
    tool: 'read',
    path: `/home/project/src/part${i}/file${i}.ts`,
    inputHash: sha256(`input ${i}`),
  };
  return { call, result: prose(`file ${i}`, 8_000) };
}

export function typicalNode(i: number): NodeRecord {
  return {
    name: `node-${i}`,
    gpu: 'a card with words about it, its driver and what else an operator wants to read',
    vramGb: 24,
    computeTflops: 82.6,
    ramGb: 128,
    roles: ['training', 'inference', 'embeddings'],
    status: 'online',
  };
}

const FILLER =
  'the store keeps each memory in one file and every change is an entry of the log so nothing is lost ';

/** So many characters, which begin so. */
function prose(start: string, length: number): string {
  return `${start}: ${FILLER.repeat(Math.ceil(length / FILLER.length))}`.slice(0, length);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
