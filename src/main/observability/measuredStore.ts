import type { Store } from '../../engine/ports/store.ts';
import { type Measure, measuredPort } from './measuredPort.ts';

/** The same store, its calls measured; not what waits for events, which takes as long as nothing happens. */
export function measuredStore(store: Store, measure: Measure): Store {
  const { embeddings, index, memories, operations, records, search, work } = store;
  const port = <T extends object>(of: T, part: string) => measuredPort(of, part, measure);
  return {
    memories: port(memories, 'memories'),
    operations: port(operations, 'operations'),
    index: port(index, 'index'),
    embeddings: port(embeddings, 'embeddings'),
    leases: store.leases,
    records,
    work: {
      tasks: port(work.tasks, 'tasks'),
      agents: port(work.agents, 'agents'),
      files: port(work.files, 'files'),
      contexts: port(work.contexts, 'contexts'),
    },
    ...(store.central && { central: () => store.central!() }),
    ...(store.time && { time: store.time }),
    ...(search && { search: port(search, 'search') }),
    report: options => store.report(options),
    backup: path => store.backup(path),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
