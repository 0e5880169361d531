/** A memory that no person has looked at, as the tool lists it. */
export interface WaitingMemory {
  readonly id: string;
  readonly content: string;
  readonly namespace: string;
  readonly memory_type: string;
  readonly agent_id: string | null;
  readonly tags: readonly string[];
  readonly version: number;
  readonly change: 'new' | 'changed';
  readonly changed_fields?: readonly string[];
  /** Principal that changed it last: `user@host/client`. */
  readonly by: string;
  /** In which of its sessions. */
  readonly instance: string;
  readonly changed_at: string;
}

/** What one session wrote. */
export interface ChangeSet {
  readonly kind: 'set';
  readonly by: string;
  readonly instance: string;
  /** Label of the agent, where it has one of its own; else its client. */
  readonly name: string;
  /** Of the last change. */
  readonly at: string;
  readonly memories: readonly WaitingMemory[];
}

/** By session, the one that wrote last first. @param memories changed last first */
export function changeSets(memories: readonly WaitingMemory[]): readonly ChangeSet[] {
  const sets = new Map<string, WaitingMemory[]>();
  for (const memory of memories) {
    const key = JSON.stringify([memory.by, memory.instance]);
    const known = sets.get(key);
    if (known) known.push(memory);
    else sets.set(key, [memory]);
  }
  return [...sets.values()].map(all => {
    const { by, changed_at: at, instance } = all[0]!;
    return { kind: 'set', by, instance, name: nameOf(by, all), at, memories: all };
  });
}

/** The label says who stored a memory, not who changed it later. */
function nameOf(by: string, memories: readonly WaitingMemory[]): string {
  const client = by.slice(by.lastIndexOf('/') + 1);
  const labels = new Set(memories.filter(({ change }) => change === 'new').map(one => one.agent_id));
  const [label] = labels;
  return labels.size === 1 && label && label !== client ? `${label} (${client})` : client;
}
