import type { AgentStore } from './agentStore.ts';
import type { ContextStore } from './contextStore.ts';
import type { FileClaimStore } from './fileClaimStore.ts';
import type { TaskStore } from './taskStore.ts';

/** How agents work together, on one database; the events of it are those of the records. */
export interface Work {
  readonly tasks: TaskStore;
  readonly agents: AgentStore;
  readonly files: FileClaimStore;
  readonly contexts: ContextStore;
}
