import { homedir, hostname } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLineFile } from '../adapters/files/writeLineFile.ts';
import { createGpuProbes } from '../adapters/gpu/createGpuProbes.ts';
import { createWebGpuProbe, ownWebGpu } from '../adapters/gpu/webGpuProbe.ts';
import { createImportSources } from '../adapters/import/createImportSources.ts';
import type { RepositoryInfo } from '../adapters/import/repositoryInfo.ts';
import { identity } from '../adapters/node/identity.ts';
import { machine } from '../adapters/node/machine.ts';
import { repositoryNamespace, repositoryRoot } from '../adapters/node/repositoryNamespace.ts';
import { agentMemorySources } from '../adapters/redis/agentMemory/agentMemorySources.ts';
import { createSecretlintScanner } from '../adapters/secrets/secretlintScanner.ts';
import { refuseStoreFile } from '../adapters/sqlite/refuseStoreFile.ts';
import { dataDirectory } from '../config/dataDirectory.ts';
import type { Settings } from '../config/settings.ts';
import { Anchors } from '../engine/anchors/anchors.ts';
import { audience } from '../engine/contexts/audience.ts';
import { SharedVectors } from '../engine/embedding/sharedVectors.ts';
import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import { Devices } from '../engine/health/devices.ts';
import { noJobQueue } from '../engine/jobs/noJobQueue.ts';
import { LocalEngine } from '../engine/localEngine.ts';
import { maskTextsWith } from '../engine/memories/maskTexts.ts';
import { Memories } from '../engine/memories/memories.ts';
import { GLOBAL_NAMESPACE } from '../engine/model/caller.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Embedder } from '../engine/ports/embedder.ts';
import type { EngineObserver } from '../engine/ports/engineObserver.ts';
import type { JobQueue } from '../engine/ports/jobQueue.ts';
import type { Logger } from '../engine/ports/logger.ts';
import type { IndexModel } from '../engine/ports/memoryIndex.ts';
import type { Store } from '../engine/ports/store.ts';
import type { WorkingCopies } from '../engine/ports/workingCopies.ts';
import { Reviews } from '../engine/review/reviews.ts';
import { SharedClock } from '../engine/sharedClock.ts';
import { Transfer } from '../engine/transfer.ts';
import { WorkTogether } from '../engine/workTogether.ts';
import { createEmbedder, createOutgoingEmbedder, providerOf } from './createEmbedder.ts';
import { createIndex } from './createIndex.ts';
import { createUpkeep, retentionOf } from './createUpkeep.ts';
import { openCaches } from './openCaches.ts';
import { openConfiguredStore } from './openConfiguredStore.ts';
import { openWorkingCopies } from './openWorkingCopies.ts';

export interface EngineOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  /** Where the store, snapshots and tokens are; default: this user's data directory. */
  readonly dataDirectory?: string;
  /** false: for a program that answers one question and ends; whatever else runs on this machine embeds and tidies up. Default true */
  readonly housekeeping?: boolean;
  /** The repositories that this process works in; default: none */
  readonly copies?: WorkingCopies;
  /** Measure what the engine does, and what it asks of its store and its model; default: nobody measures */
  readonly instruments?: Instruments;
  /** Opens the jobs of the store at this path; default: none are kept, and nobody can add one */
  readonly jobs?: OpenJobs;
}

/** @param path of the store without a central Redis */
export type OpenJobs = (settings: Settings, path: string) => JobQueue;

/** Put between the engine and what it uses. */
export interface Instruments {
  readonly observer: EngineObserver;
  store(store: Store): Promise<Store>;
  embedder(embedder: Embedder): Embedder;
}

/** A recall waits at most so long to know whether code has changed since. Milliseconds. */
const ANCHOR_PATIENCE_MS = 50;

/** Wires the adapters to the ports. Opens the store; loads neither model nor index before they are needed. */
export async function createEngine({
  settings,
  logger,
  dataDirectory: folder = dataDirectory(),
  housekeeping = true,
  copies = openWorkingCopies(),
  instruments,
  jobs,
}: EngineOptions): Promise<Engine> {
  const path = databasePath(settings['database.url'], folder);
  const { store: opened, snapshots } = await openConfiguredStore(settings, folder, path, logger);
  try {
    const store = instruments ? await instruments.store(opened) : opened;
    const clock = clockOf(store, logger);
    const { answers, caches, vectors } = await openCaches(settings, folder, logger);
    const models = {
      ...{ store: store.embeddings, settings, vectors, logger },
      ...(instruments && { measured: instruments.embedder }),
    };
    const embedder = await createEmbedder(models);
    const outgoing = embedder && (await createOutgoingEmbedder(models, embedder));
    const { storeId } = await store.report();
    const index = createIndex({
      ...{ settings, store, storeId, snapshots, answers, logger },
      model: modelOf(outgoing ?? embedder),
      upcoming: modelOf(embedder),
    });
    const secrets = createSecretlintScanner();
    const together = new WorkTogether({
      ...{ store, identity, clock, logger },
      mask: maskTextsWith(secrets, settings['secrets.policy']),
      host: { machine: hostname(), pid: process.pid },
      random: Math.random,
    });
    const anchors = new Anchors({ copies, sha256: identity.sha256, patienceMs: ANCHOR_PATIENCE_MS });
    const memories = new Memories({
      store: store.memories,
      anchored: (...given) => anchors.hashed(...given),
      secrets,
      clock,
      identity,
      audience: (names, namespace) =>
        audience(names, () => together.agents.list([namespace]).catch(whileUnavailable)),
      onBehalf: (...asked) => together.contexts.onBehalf(...asked).catch(whileUnavailable),
      secretPolicy: settings['secrets.policy'],
      retention: retentionOf(settings),
    });
    const openSources = createImportSources({
      findRepository,
      claudeHome,
      agentMemory: url => agentMemorySources(url, settings.namespace || GLOBAL_NAMESPACE),
    });
    const transfer = new Transfer({
      memories,
      conversations: store.records.workingMemory,
      locked: async () => (await store.report()).locked,
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
    const webGpu = ownWebGpu();
    return new LocalEngine({
      together,
      store,
      memories,
      anchors,
      transfer,
      reviews: new Reviews({ store: store.memories, clock, gate: settings['review.gate'] }),
      upkeep: createUpkeep({ settings, folder, store, memories, embedder, clock, identity, logger }),
      index,
      caches,
      jobs: () => jobs?.(settings, path) ?? noJobQueue,
      devices: new Devices(createGpuProbes(), machine, webGpu && createWebGpuProbe(webGpu)),
      embedder,
      outgoing,
      // Here a text takes a millisecond, which a look-up hardly spares.
      sharedVectors: providerOf(settings) === 'openai' ? new SharedVectors(caches) : undefined,
      clock,
      logger,
      identity,
      recallDeadlineMs: settings['recall.deadlineMs'],
      housekeeping,
      observer: instruments?.observer,
    });
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

function clockOf({ time }: Store, logger: Logger): Clock {
  const local = { now: () => Date.now() };
  return time ? new SharedClock({ local, time, elapsed: () => performance.now(), logger }) : local;
}

/** While the central Redis is out of reach nobody knows what is shared, and who is there. */
function whileUnavailable(error: unknown): undefined {
  if (!MemoryError.is(error, 'unavailable')) throw error;
}

/** null for one that has yet to tell how long its vectors are. */
function modelOf(embedder: Embedder | undefined): IndexModel | null {
  return embedder && embedder.model.dimensions > 0 ? embedder.model : null;
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
