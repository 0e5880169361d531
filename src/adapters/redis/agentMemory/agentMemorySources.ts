import { createHash } from 'node:crypto';
import { MemoryError } from '../../../engine/errors.ts';
import type { LongTermRecord } from '../../../engine/longTerm/longTermRecord.ts';
import { recordPatch } from '../../../engine/longTerm/recordDraft.ts';
import type { Memory } from '../../../engine/model/memory.ts';
import { isObject, readJson } from '../../../engine/model/readJson.ts';
import type {
  ExportedMemory,
  ImportedConversation,
  ImportProblem,
  ImportSource,
} from '../../../engine/ports/importSource.ts';
import { connectRedis, type RedisClient, type RedisOptions } from '../connectRedis.ts';
import { scanKeys } from '../records/scanKeys.ts';
import { readConversation } from './readConversation.ts';
import { type Kept, readRecord } from './readRecord.ts';

/** What releases have put before the id of a memory. */
const RECORDS = ['memory_idx:', 'memory:'] as const;
const CONVERSATIONS = 'working_memory:';
/** Beside the conversations: how far their form has been changed. */
const NOTES = /^working_memory:migration:/;
/** All but the vector, which is of another model and the most of it. */
const FIELDS = [
  ...['id_', 'text', 'session_id', 'user_id', 'namespace', 'memory_type', 'topics', 'entities', 'pinned'],
  ...['discrete_memory_extracted', 'access_count', 'extracted_from', 'created_at', 'last_accessed'],
  ...['updated_at', 'persisted_at', 'event_date'],
] as const;

const DEADLINE_MS = 10_000;

/**
 * What redis/agent-memory-server 0.15 keeps in a Redis, and releases before it kept: records of the long-term memory under their own ids, and
 * what conversations hold. It is read only. Rejects with `unavailable` where Redis does not answer.
 * @param url `redis://` or `rediss://` with user, password and database
 * @param unnamed namespace of what has none there
 */
export async function agentMemorySources(url: string, unnamed: string): Promise<readonly ImportSource[]> {
  const connect = () => connectRedis(optionsOf(url)).catch(tellOfAddress);
  (await connect()).disconnect();
  return [
    {
      kind: 'agent-memory',
      prefix: '',
      complete: false,
      async *items(signal) {
        const client = await connect();
        try {
          yield* recordsIn(client, unnamed, signal);
          yield* conversationsIn(client, unnamed, signal);
        } finally {
          client.disconnect();
        }
      },
    },
  ];
}

/** A connection's errors name settings, and this address is in none. */
function tellOfAddress(error: unknown): never {
  if (MemoryError.is(error, 'invalid_input'))
    throw new MemoryError('invalid_input', 'That is no Redis address.', error.fix, { cause: error });
  if (!MemoryError.is(error, 'unavailable')) throw error;
  const fix =
    'See that it runs, and correct what you gave: redis://user:password@host:6379/0, rediss:// for TLS.';
  throw new MemoryError('unavailable', error.message, fix, { cause: error });
}

async function* recordsIn(
  client: RedisClient,
  unnamed: string,
  signal: AbortSignal,
): AsyncGenerator<ExportedMemory | ImportProblem> {
  const now = Date.now();
  const seen = new Set<string>();
  for (const start of RECORDS)
    for await (const keys of scanKeys(client, start)) {
      signal.throwIfAborted();
      const found = await hashesAt(client, keys);
      for (const [i, kept] of found.entries()) {
        const key = keys[i]!;
        // Other programs keep other things under such names, and a scan may show a key twice.
        if (!kept || kept['id_'] === undefined || seen.has(key)) continue;
        seen.add(key);
        const record = readRecord(kept, now);
        if (record) yield { memory: memoryOf(record, unnamed), versions: [] };
        else yield { where: key, reason: 'It says nothing.' };
      }
    }
}

/** undefined for what is no hash. */
async function hashesAt(
  client: RedisClient,
  keys: readonly string[],
): Promise<readonly (Kept | undefined)[]> {
  if (keys.length === 0) return [];
  const pipeline = client.pipeline();
  for (const key of keys) pipeline.hmget(key, ...FIELDS);
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, values]) => {
    if (error) return undefined;
    const pairs = FIELDS.map((name, i) => [name, (values as (string | null)[])[i]] as const);
    return Object.fromEntries(pairs.filter(([, value]) => value !== null));
  });
}

async function* conversationsIn(
  client: RedisClient,
  unnamed: string,
  signal: AbortSignal,
): AsyncGenerator<ImportedConversation | ImportProblem> {
  const seen = new Set<string>();
  for await (const keys of scanKeys(client, CONVERSATIONS))
    for (const key of keys) {
      signal.throwIfAborted();
      if (NOTES.test(key) || seen.has(key)) continue;
      seen.add(key);
      const left = await client.pttl(key);
      const kept = readJson(await textAt(client, key));
      const memory = isObject(kept) ? readConversation(kept, Date.now()) : undefined;
      if (!memory) {
        yield { where: key, reason: 'It is no working memory.' };
        continue;
      }
      yield {
        conversation: {
          namespace: memory.namespace ?? unnamed,
          user: memory.user ?? '',
          session: memory.session,
        },
        text: JSON.stringify(memory),
        lifeMs: left > 0 ? left : null,
      };
    }
}

/** JSON, or as releases before kept it: a text of JSON. */
async function textAt(client: RedisClient, key: string): Promise<unknown> {
  const type = await client.type(key);
  if (type === 'string') return client.get(key);
  return type === 'ReJSON-RL' ? client.call('JSON.GET', key) : undefined;
}

function memoryOf(record: LongTermRecord, unnamed: string): Memory {
  const at = Math.floor(record.createdAt);
  return {
    ...recordPatch(record, sha256),
    id: record.id,
    namespace: record.namespace ?? unnamed,
    agent: null,
    owner: 'agent-memory-server',
    priority: 'medium',
    visibility: 'public',
    sharedWith: [],
    sensitive: false,
    createdAt: at,
    updatedAt: Math.floor(record.updatedAt),
    accessedAt: Math.floor(record.lastAccessed),
    accessCount: record.accessCount,
    expiresAt: null,
    version: 1,
    externalId: null,
    provenance: { source: 'agent-memory' },
    trust: 0.5,
    review: 'unreviewed',
    unreviewedBy: null,
    supersedes: null,
    validFrom: null,
    validUntil: null,
    anchors: [],
    contentHash: '',
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function optionsOf(url: string): RedisOptions {
  return {
    url,
    ...{ host: '', port: 6379, db: 0, username: '', password: '', tls: false, caFile: '' },
    ...{ sentinels: [], sentinelName: '', sentinelUsername: '', sentinelPassword: '', clusterNodes: [] },
    deadlineMs: DEADLINE_MS,
  };
}
