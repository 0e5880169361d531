import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLineFile } from '../adapters/files/writeLineFile.ts';
import { createImportSources } from '../adapters/import/createImportSources.ts';
import type { RepositoryInfo } from '../adapters/import/repositoryInfo.ts';
import { identity } from '../adapters/node/identity.ts';
import { repositoryNamespace, repositoryRoot } from '../adapters/node/repositoryNamespace.ts';
import { createSecretlintScanner } from '../adapters/secrets/secretlintScanner.ts';
import { refuseStoreFile } from '../adapters/sqlite/refuseStoreFile.ts';
import { createSnowballStemmer } from '../adapters/text/snowball.ts';
import { createVectorIndexFactory } from '../adapters/vector/wasmVectorIndex.ts';
import { dataDirectory } from '../config/dataDirectory.ts';
import type { Settings } from '../config/settings.ts';
import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import { LocalEngine } from '../engine/localEngine.ts';
import { Memories } from '../engine/memories/memories.ts';
import { DEFAULT_RETENTION } from '../engine/memories/retention.ts';
import type { Logger } from '../engine/ports/logger.ts';
import { Analyzer } from '../engine/search/analyze.ts';
import { FreshIndex } from '../engine/search/freshIndex.ts';
import { Transfer } from '../engine/transfer.ts';
import { builtFile } from './assets.ts';
import { createEmbedder, createOutgoingEmbedder } from './createEmbedder.ts';
import { openConfiguredStore } from './openConfiguredStore.ts';

export interface EngineOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  /** Where the store, snapshots and tokens are; default: this user's data directory. */
  readonly dataDirectory?: string;
}

/** Wires the adapters to the ports. Opens the store; loads neither model nor index before they are needed. */
export async function createEngine({
  settings,
  logger,
  dataDirectory: folder = dataDirectory(),
}: EngineOptions): Promise<Engine> {
  const clock = { now: () => Date.now() };
  const path = databasePath(settings['database.url'], folder);
  const { store, snapshots } = await openConfiguredStore(settings, folder, path, logger);
  try {
    const embedder = await createEmbedder(store.embeddings, settings, logger);
    const outgoing = embedder && (await createOutgoingEmbedder(store.embeddings, embedder, settings, logger));
    const served = (outgoing ?? embedder)?.model;
    const { storeId } = await store.report();
    const index = new FreshIndex(
      {
        source: store.index,
        snapshots,
        vectors: createVectorIndexFactory({ directory: builtFile('') }),
        analyzer: new Analyzer(createSnowballStemmer()),
        logger,
        storeId,
      },
      served && served.dimensions > 0 ? served : null,
    );
    const memories = new Memories({
      store: store.memories,
      secrets: createSecretlintScanner(),
      clock,
      identity,
      secretPolicy: settings['secrets.policy'],
      retention: {
        ...DEFAULT_RETENTION,
        high: settings['retention.highDays'],
        medium: settings['retention.mediumDays'],
        low: settings['retention.lowDays'],
      },
    });
    const openSources = createImportSources({ findRepository, claudeHome: claudeHome() });
    const transfer = new Transfer({
      memories,
      identity,
      async openSources(request) {
        refuseStoreFile(request.path, path);
        return openSources(request);
      },
      async writeLineFile(file, lines, options) {
        refuseStoreFile(file, path);
        return writeLineFile(file, lines, options);
      },
    });
    return new LocalEngine({
      store,
      memories,
      transfer,
      index,
      embedder,
      outgoing,
      clock,
      logger,
      holder: identity.newId(),
      recallDeadlineMs: settings['recall.deadlineMs'],
    });
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

function findRepository(at: string): RepositoryInfo {
  return { root: repositoryRoot(at), name: repositoryNamespace(at) };
}

/** Claude Code's own folder. */
function claudeHome(): string {
  return process.env['CLAUDE_CONFIG_DIR'] || join(homedir(), '.claude');
}

/** @param url `file:` and a path, a plain path, or empty for the default */
export function databasePath(url: string, folder: string): string {
  if (url === '') return join(folder, 'memory.db');
  if (/^(?:libsql|https?|wss?|redis|postgres)/i.test(url)) {
    throw new MemoryError(
      'invalid_input',
      'DATABASE_URL names a server.',
      'Use file: and a path; servers are not supported here yet.',
    );
  }
  if (url.startsWith('file:///')) return fileURLToPath(url);
  const path = url.replace(/^file:/, '');
  return isAbsolute(path) ? path : resolve(path);
}
