import type { Memories } from '../memories/memories.ts';
import type { Caller } from '../model/caller.ts';
import type { Memory } from '../model/memory.ts';
import { writeNamespace } from '../model/namespace.ts';
import type { Identity } from '../ports/identity.ts';
import type { ImportRequest, ImportSource, OpenImportSources } from '../ports/importSource.ts';
import type { WorkingMemoryRecords } from '../ports/workingMemoryRecords.ts';
import { importConversation } from './importConversation.ts';
import { type ImportSummary, ImportTally } from './importSummary.ts';
import { ItemWriter } from './itemWriter.ts';
import { MemoryRestorer } from './memoryRestorer.ts';

export interface ImportOptions {
  /** Forget what was removed from the source. */
  readonly prune: boolean;
  /** Only find out what would happen. */
  readonly dryRun: boolean;
  readonly namespace?: string | undefined;
  /** Label of who stores. */
  readonly agent?: string | undefined;
}

const PAGE = 1000;

/** Makes memories of what other programs wrote, once however often it runs. */
export class Importer {
  readonly #memories: Memories;
  readonly #identity: Identity;
  readonly #open: OpenImportSources;
  readonly #conversations: WorkingMemoryRecords;

  constructor(
    memories: Memories,
    conversations: WorkingMemoryRecords,
    identity: Identity,
    open: OpenImportSources,
  ) {
    this.#memories = memories;
    this.#conversations = conversations;
    this.#identity = identity;
    this.#open = open;
  }

  /**
   * Adds what is new, updates what changed in the source, tells what was removed there. A memory that was edited since its
   * import stays as it is until its source changes. An abort stops between two batches; what was stored until then stays.
   *
   * @param onProgress called with how many things have been dealt with
   */
  async run(
    request: ImportRequest,
    options: ImportOptions,
    caller: Caller,
    signal: AbortSignal,
    onProgress: (done: number) => void,
  ): Promise<ImportSummary> {
    const tally = new ImportTally();
    for (const source of await this.#open(request)) {
      await this.#importOne(source, options, caller, tally, signal, onProgress);
    }
    return tally.summary();
  }

  async #importOne(
    source: ImportSource,
    options: ImportOptions,
    caller: Caller,
    tally: ImportTally,
    signal: AbortSignal,
    onProgress: (done: number) => void,
  ): Promise<void> {
    const namespace = writeNamespace(source.namespace ?? options.namespace, caller);
    const known = await this.#known(source.prefix, namespace, caller);
    const shared = { memories: this.#memories, identity: this.#identity, caller, tally, options, namespace };
    const items = new ItemWriter({ ...shared, kind: source.kind, known });
    const restorer = new MemoryRestorer(shared);
    for await (const found of source.items(signal)) {
      signal.throwIfAborted();
      if ('reason' in found) tally.skip(found);
      else if ('memory' in found) await restorer.add(found);
      else if ('conversation' in found)
        await importConversation(this.#conversations, found, options, caller, tally);
      else await items.add(found);
      onProgress(tally.done);
    }
    await restorer.flush();
    await items.flush();
    onProgress(tally.done);
    if (source.complete) await this.#removed(items.missing(), options, caller, tally, signal);
  }

  /** What earlier imports of this source left, by external id. */
  async #known(prefix: string, namespace: string, caller: Caller): Promise<Map<string, Memory>> {
    const known = new Map<string, Memory>();
    if (prefix === '') return known;
    for (let after: string | undefined; ; ) {
      const { memories } = await this.#memories.list(
        { namespaces: [namespace], externalIdPrefix: prefix },
        { limit: PAGE, offset: 0, ...(after !== undefined && { after }) },
        caller,
      );
      for (const memory of memories) known.set(memory.externalId!, memory);
      after = memories.at(-1)?.id;
      if (memories.length < PAGE) return known;
    }
  }

  async #removed(
    missing: readonly Memory[],
    { prune, dryRun }: ImportOptions,
    caller: Caller,
    tally: ImportTally,
    signal: AbortSignal,
  ): Promise<void> {
    tally.removed.push(...missing.map(memory => memory.externalId!));
    if (!prune || dryRun) return;
    for (let i = 0; i < missing.length; i += PAGE) {
      signal.throwIfAborted();
      const page = missing.slice(i, i + PAGE).map(memory => memory.id);
      tally.pruned += (await this.#memories.forget(page, caller)).length;
    }
  }
}
