import { type ExportOptions, exportMemories } from './export/exportMemories.ts';
import { Importer, type ImportOptions } from './import/importer.ts';
import type { ImportSummary } from './import/importSummary.ts';
import type { Memories } from './memories/memories.ts';
import type { Caller } from './model/caller.ts';
import type { Identity } from './ports/identity.ts';
import type { ImportRequest, OpenImportSources } from './ports/importSource.ts';
import type { WriteLineFile } from './ports/lineFile.ts';
import type { MemoryFilter } from './ports/memoryStore.ts';
import type { WorkingMemoryRecords } from './ports/workingMemoryRecords.ts';

export interface TransferOptions {
  readonly memories: Memories;
  readonly conversations: WorkingMemoryRecords;
  readonly identity: Identity;
  readonly openSources: OpenImportSources;
  readonly writeLineFile: WriteLineFile;
  /** Why sensitive memories cannot be decrypted; undefined when they can. */
  readonly locked: () => Promise<string | undefined>;
}

/** Memories in and out. */
export class Transfer {
  readonly #options: TransferOptions;
  readonly #importer: Importer;

  constructor(options: TransferOptions) {
    this.#options = options;
    this.#importer = new Importer(
      options.memories,
      options.conversations,
      options.identity,
      options.openSources,
    );
  }

  /** See `Importer.run`. */
  async import(
    request: ImportRequest,
    options: ImportOptions,
    caller: Caller,
    signal: AbortSignal,
    onProgress: (done: number) => void,
  ): Promise<ImportSummary> {
    return this.#importer.run(request, options, caller, signal, onProgress);
  }

  /** See `exportMemories`. */
  async *export(
    filter: MemoryFilter,
    options: ExportOptions,
    caller: Caller,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void = () => {},
  ): AsyncGenerator<string> {
    const { locked, memories } = this.#options;
    yield* exportMemories(memories, filter, options, await locked(), caller, signal, onProgress);
  }

  /** An export in a file that appears whole or not at all. Rejects with `conflict` when it is there and not to be replaced. */
  async exportToFile(
    path: string,
    lines: AsyncIterable<string>,
    options: { readonly overwrite: boolean },
  ): Promise<void> {
    return this.#options.writeLineFile(path, lines, options);
  }
}
