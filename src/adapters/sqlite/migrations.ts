import { MemoryError } from '../../engine/errors.ts';
import type { Database } from './database.ts';
import { RECORDS_SCHEMA } from './records/schema.ts';
import { TOKENS_SCHEMA } from './records/tokensSchema.ts';
import { WORKING_MEMORY_SCHEMA } from './records/workingMemorySchema.ts';
import { WORK_SCHEMA } from './work/schema.ts';

/** "MemC": tells our files from others'. */
export const APPLICATION_ID = 0x4d656d43;

/** Forward only: a step is never changed once released. The file's `user_version` is the number of steps it has had. */
const STEPS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- What filters read comes first, what may be long comes last: a row longer than a page is read as far as needed only.
  CREATE TABLE memories (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    namespace TEXT NOT NULL,
    agent TEXT,
    owner TEXT NOT NULL,
    type TEXT NOT NULL,
    priority TEXT NOT NULL,
    visibility TEXT NOT NULL,
    shared_with TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    content_bytes INTEGER NOT NULL,
    tags TEXT NOT NULL,
    session TEXT,
    pinned INTEGER NOT NULL,
    sensitive INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    accessed_at INTEGER NOT NULL,
    access_count INTEGER NOT NULL,
    expires_at INTEGER,
    version INTEGER NOT NULL,
    external_id TEXT,
    source TEXT NOT NULL,
    source_uri TEXT,
    trust REAL NOT NULL,
    review TEXT NOT NULL,
    unreviewed_by TEXT,
    supersedes TEXT,
    valid_from INTEGER,
    valid_until INTEGER,
    deleted_at INTEGER,
    seq INTEGER NOT NULL,
    anchors TEXT NOT NULL,
    metadata TEXT NOT NULL,
    content TEXT NOT NULL
  );
  -- Equal content is one memory among what everybody sees, and among what one owner keeps from others: so that a duplicate
  -- tells nobody what is private. The same holds for the ids of other systems.
  CREATE UNIQUE INDEX memories_content ON memories
    (namespace, content_hash, CASE visibility WHEN 'public' THEN '' ELSE owner END) WHERE deleted_at IS NULL;
  CREATE UNIQUE INDEX memories_external ON memories
    (namespace, external_id, CASE visibility WHEN 'public' THEN '' ELSE owner END)
    WHERE deleted_at IS NULL AND external_id IS NOT NULL;
  -- Holds all that the common counts ask for: five times faster at 100,000 memories than reading the rows.
  CREATE INDEX memories_scan ON memories (namespace, created_at, visibility, owner, expires_at, pinned, priority, type, agent,
    content_bytes, shared_with, sensitive, review, unreviewed_by) WHERE deleted_at IS NULL;
  CREATE INDEX memories_created ON memories (namespace, created_at) WHERE deleted_at IS NULL;
  CREATE INDEX memories_updated ON memories (namespace, updated_at) WHERE deleted_at IS NULL;
  CREATE INDEX memories_time ON memories (created_at) WHERE deleted_at IS NULL;
  CREATE INDEX memories_agent ON memories (agent, namespace, created_at) WHERE deleted_at IS NULL;
  CREATE INDEX memories_session ON memories (session, created_at) WHERE deleted_at IS NULL AND session IS NOT NULL;
  CREATE INDEX memories_expiry ON memories (expires_at)
    WHERE deleted_at IS NULL AND expires_at IS NOT NULL AND pinned = 0 AND priority <> 'critical';
  CREATE INDEX memories_unreviewed ON memories (updated_at) WHERE deleted_at IS NULL AND review = 'unreviewed';
  CREATE INDEX memories_pinned ON memories (created_at) WHERE deleted_at IS NULL AND pinned = 1;
  CREATE UNIQUE INDEX memories_seq ON memories (seq);

  CREATE TABLE memory_tags (tag TEXT NOT NULL, num INTEGER NOT NULL, PRIMARY KEY (tag, num)) WITHOUT ROWID;
  CREATE INDEX memory_tags_num ON memory_tags (num);

  -- The files that memories are anchored in; \`lined\`: to lines of it, not to the file as a whole. By triggers, since it holds
  -- whoever writes a row.
  CREATE TABLE memory_paths (path TEXT NOT NULL, lined INTEGER NOT NULL, num INTEGER NOT NULL, PRIMARY KEY (path, lined, num))
    WITHOUT ROWID;
  CREATE INDEX memory_paths_num ON memory_paths (num);
  CREATE TRIGGER memory_paths_added AFTER INSERT ON memories WHEN NEW.anchors <> '[]' BEGIN
    INSERT OR IGNORE INTO memory_paths SELECT value ->> 'path', value ->> 'startLine' IS NOT NULL, NEW.num FROM json_each(NEW.anchors)
      WHERE value ->> 'path' IS NOT NULL;
  END;
  CREATE TRIGGER memory_paths_changed AFTER UPDATE OF anchors ON memories WHEN NEW.anchors <> OLD.anchors BEGIN
    DELETE FROM memory_paths WHERE num = NEW.num;
    INSERT OR IGNORE INTO memory_paths SELECT value ->> 'path', value ->> 'startLine' IS NOT NULL, NEW.num FROM json_each(NEW.anchors)
      WHERE value ->> 'path' IS NOT NULL;
  END;

  CREATE TABLE memory_versions (
    num INTEGER NOT NULL,
    version INTEGER NOT NULL,
    replaced_by TEXT NOT NULL,
    replaced_at INTEGER NOT NULL,
    memory TEXT NOT NULL,
    PRIMARY KEY (num, version)
  ) WITHOUT ROWID;

  -- visibility and shared_with are the memory's after the operation: who may see a memory today may not see what it held while
  -- it was kept from others.
  CREATE TABLE operations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    memory_id TEXT NOT NULL,
    namespace TEXT NOT NULL,
    principal TEXT NOT NULL,
    instance TEXT NOT NULL,
    clock TEXT NOT NULL,
    at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    undoes TEXT,
    visibility TEXT NOT NULL,
    shared_with TEXT NOT NULL,
    patch TEXT NOT NULL
  );
  CREATE INDEX operations_memory ON operations (memory_id, seq);

  CREATE TABLE embedding_models (id INTEGER PRIMARY KEY, model TEXT NOT NULL UNIQUE, dimensions INTEGER);
  CREATE TABLE embeddings (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    model INTEGER NOT NULL,
    num INTEGER NOT NULL,
    vector BLOB NOT NULL
  );
  CREATE UNIQUE INDEX embeddings_num ON embeddings (model, num);
  CREATE INDEX embeddings_position ON embeddings (model, position);
  CREATE TABLE pending_embeddings (model INTEGER NOT NULL, num INTEGER NOT NULL, PRIMARY KEY (model, num)) WITHOUT ROWID;

  -- What waits for the central log, and the memories' rows before it.
  CREATE TABLE outbox (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    operation_id TEXT NOT NULL UNIQUE,
    memory_id TEXT NOT NULL,
    tags_before TEXT NOT NULL,
    entry TEXT NOT NULL
  );
  CREATE INDEX outbox_memory ON outbox (memory_id);
  CREATE TABLE outbox_base (memory_id TEXT PRIMARY KEY, base TEXT) WITHOUT ROWID;
  -- What memories that wait have, or had meanwhile: others' changes that touch none of it need not come before theirs.
  CREATE TABLE outbox_claims (claim TEXT NOT NULL, memory_id TEXT NOT NULL, PRIMARY KEY (claim, memory_id)) WITHOUT ROWID;
  CREATE INDEX outbox_claims_memory ON outbox_claims (memory_id);
  CREATE TRIGGER outbox_settled AFTER DELETE ON outbox_base BEGIN
    DELETE FROM outbox_claims WHERE memory_id = OLD.memory_id;
  END;
  CREATE TABLE memory_aliases (id TEXT PRIMARY KEY, stands_for TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE waiting_accesses (memory_id TEXT PRIMARY KEY, count INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL, expires_at INTEGER NOT NULL)
    WITHOUT ROWID;
  `,
  RECORDS_SCHEMA,
  WORK_SCHEMA,
  `
  -- The journal of merges: few among many.
  CREATE INDEX operations_merges ON operations (seq) WHERE instance GLOB 'compaction/*';
  `,
  WORKING_MEMORY_SCHEMA,
  TOKENS_SCHEMA,
  `
  -- Who used a memory, for promotion: some users each, by the programs of this machine.
  CREATE TABLE memory_users (memory_id TEXT NOT NULL, user TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (memory_id, user))
    WITHOUT ROWID;
  CREATE TRIGGER memory_users_gone AFTER UPDATE OF deleted_at ON memories WHEN NEW.deleted_at IS NOT NULL BEGIN
    DELETE FROM memory_users WHERE memory_id = NEW.id;
  END;
  `,
  'ALTER TABLE tokens ADD COLUMN clients TEXT',
];

export const SCHEMA_VERSION = STEPS.length;

/**
 * Brings the file to this release's schema. Safe with several processes at once: the version is read again under the write lock.
 * Rejects with `unavailable` for a file of a newer release and for another program's database, and leaves both untouched.
 * @param to another schema than this release's, for the tests of migrations
 */
export async function migrate(
  database: Database,
  newId: () => string,
  now: () => number,
  to = SCHEMA_VERSION,
): Promise<void> {
  const version = await database.read(() => schemaVersion(database));
  if (version === SCHEMA_VERSION) return;
  await database.write(() => {
    for (let done = schemaVersion(database); done < to; done++) {
      database.driver.exec(STEPS[done]!);
      if (done === 0) {
        database.run("INSERT INTO meta VALUES ('store_id', ?), ('replica', ?)", newId(), newId().slice(-8));
        database.driver.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      }
      database.run('INSERT INTO meta VALUES (?, ?)', `migrated_${done + 1}`, new Date(now()).toISOString());
      database.driver.exec(`PRAGMA user_version = ${done + 1}`);
    }
  });
}

function schemaVersion(database: Database): number {
  const version = pragma(database, 'user_version');
  const application = pragma(database, 'application_id');
  const tables = Number(Object.values(database.get('SELECT count(*) FROM sqlite_master')!)[0]);
  if (application !== APPLICATION_ID && (tables > 0 || application !== 0)) {
    throw new MemoryError(
      'unavailable',
      `${database.path} is the database of another program.`,
      'Set DATABASE_URL to another file; this one was left untouched.',
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new MemoryError(
      'unavailable',
      `${database.path} was written by a newer release (schema ${version}; this one knows ${SCHEMA_VERSION}).`,
      'Update this program, or set DATABASE_URL to another file; this one was left untouched.',
    );
  }
  return version;
}

export function pragma(database: Database, name: string): number {
  return Number(Object.values(database.get(`PRAGMA ${name}`)!)[0]);
}
