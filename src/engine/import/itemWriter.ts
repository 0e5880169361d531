import { MemoryError } from '../errors.ts';
import type { Draft } from '../memories/draft.ts';
import type { Memories } from '../memories/memories.ts';
import type { Caller } from '../model/caller.ts';
import { LIMITS } from '../model/limits.ts';
import type { Memory } from '../model/memory.ts';
import type { Identity } from '../ports/identity.ts';
import type { ImportItem } from '../ports/importSource.ts';
import { concernsOne } from './concernsOne.ts';
import type { ImportTally } from './importSummary.ts';
import { splitLong } from './splitLong.ts';

/** One change of the store each. */
const BATCH = 500;
const SOURCE_HASH = 'source_hash';

export interface ItemWriterOptions {
  readonly memories: Memories;
  readonly identity: Identity;
  readonly caller: Caller;
  readonly tally: ImportTally;
  readonly options: { readonly dryRun: boolean; readonly agent?: string | undefined };
  readonly namespace: string;
  /** Becomes the memories' provenance. */
  readonly kind: string;
  /** What earlier imports left, by external id. */
  readonly known: ReadonlyMap<string, Memory>;
}

/** Stores items in batches; leaves alone what did not change since an earlier import. */
export class ItemWriter {
  readonly #options: ItemWriterOptions;
  readonly #seen = new Set<string>();
  #batch: Draft[] = [];

  constructor(options: ItemWriterOptions) {
    this.#options = options;
  }

  async add(item: ImportItem): Promise<void> {
    const { known, tally, identity } = this.#options;
    if (item.content.trim() === '') return tally.skip({ where: item.uri, reason: 'It is empty.' });
    for (const [i, content] of splitLong(item.content, LIMITS.contentChars).entries()) {
      const externalId = i === 0 ? item.externalId : `${item.externalId}~${i + 1}`;
      if (this.#seen.has(externalId)) {
        tally.skip({ where: item.uri, reason: `Its id ${externalId} came twice.` });
        continue;
      }
      this.#seen.add(externalId);
      const hash = identity.sha256(content);
      const before = known.get(externalId);
      const draft = this.#draft(item, externalId, content, hash);
      if (!before) this.#batch.push(draft);
      else if (before.metadata[SOURCE_HASH] === hash) tally.unchanged++;
      else await this.#update(before, draft);
    }
    if (this.#batch.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.#batch.splice(0);
    if (batch.length > 0) await this.#store(batch);
  }

  /** Known memories whose items did not come. */
  missing(): readonly Memory[] {
    return [...this.#options.known].filter(([id]) => !this.#seen.has(id)).map(([, memory]) => memory);
  }

  #draft(item: ImportItem, externalId: string, content: string, hash: string): Draft {
    const { kind, namespace, options } = this.#options;
    return {
      ...item.fields,
      content,
      externalId,
      namespace,
      agent: options.agent,
      provenance: { source: kind, uri: item.uri },
      metadata: { ...item.fields.metadata, [SOURCE_HASH]: hash },
      // It lives as long as its source, which tells when it is gone.
      expiresAt: null,
    };
  }

  async #store(batch: readonly Draft[]): Promise<void> {
    const { caller, memories, options, tally } = this.#options;
    if (options.dryRun) {
      tally.added += batch.length;
      return;
    }
    try {
      for (const { duplicate, secrets } of await memories.store(batch, caller)) {
        if (duplicate) tally.duplicates++;
        else tally.added++;
        if (secrets.length > 0) tally.masked++;
      }
    } catch (error) {
      if (!concernsOne(error)) throw error;
      if (batch.length > 1) for (const draft of batch) await this.#store([draft]);
      else tally.skip({ where: batch[0]!.provenance?.uri ?? '', reason: error.message });
    }
  }

  async #update(before: Memory, draft: Draft): Promise<void> {
    const { caller, memories, options, tally } = this.#options;
    if (options.dryRun) {
      tally.updated++;
      return;
    }
    const { content, tags = [], anchors = [], metadata = {}, provenance } = draft;
    try {
      const { secrets } = await memories.update(
        before.id,
        {
          content,
          tags,
          anchors,
          metadata: { ...before.metadata, ...metadata },
          ...(provenance && { provenance }),
        },
        caller,
      );
      tally.updated++;
      if (secrets.length > 0) tally.masked++;
    } catch (error) {
      if (MemoryError.is(error, 'conflict')) {
        // It has become equal to another memory: one of them is enough.
        await memories.forget([before.id], caller);
        tally.duplicates++;
      } else if (concernsOne(error)) {
        tally.skip({ where: provenance?.uri ?? before.id, reason: error.message });
      } else throw error;
    }
  }
}
