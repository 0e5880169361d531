import type { Engine } from '../../../engine/engine.ts';
import { LongTermMemories } from '../../../engine/longTerm/longTermMemories.ts';
import type { Unnamed } from '../../../engine/longTerm/namespacesWanted.ts';
import { WorkingMemories } from '../../../engine/workingMemory/workingMemories.ts';

export const UNKNOWN_SESSIONS = ['not_found', 'empty'] as const;

/** What these servers have done differently over time, or cannot know of this one. */
export interface AgentMemoryOptions {
  /** Where is looked when a client names no namespace. */
  readonly unnamed: Unnamed;
  /** What is answered of a session that is not there: 404, or as older servers did. */
  readonly unknownSession: (typeof UNKNOWN_SESSIONS)[number];
}

/** What the routes work with, on one engine. */
export interface AgentMemory {
  readonly engine: Engine;
  readonly longTerm: LongTermMemories;
  readonly working: WorkingMemories;
  /** ms since the epoch */
  readonly now: () => number;
  readonly options: AgentMemoryOptions;
}

export function agentMemoryOn(engine: Engine, options: AgentMemoryOptions): AgentMemory {
  const { unnamed } = options;
  const now = Date.now;
  const longTerm = new LongTermMemories({ engine, unnamed, now });
  const working = new WorkingMemories({
    ...{ longTerm, unnamed, now },
    records: engine.records.workingMemory,
    namespaces: async caller => Object.keys((await engine.counts({}, caller)).byNamespace),
  });
  return { engine, longTerm, working, now, options };
}
