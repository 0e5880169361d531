/** Agents, their claims on files, and what they share. */
export const AGENTS_SCHEMA = `
  -- watched: it has not been told yet that this agent fell silent.
  CREATE TABLE agents (
    namespace TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    capabilities TEXT NOT NULL,
    context_window INTEGER,
    owner TEXT NOT NULL,
    client TEXT NOT NULL,
    machine TEXT NOT NULL,
    pid INTEGER,
    metadata TEXT NOT NULL,
    status TEXT NOT NULL,
    load REAL NOT NULL,
    current_task TEXT,
    registered_at INTEGER NOT NULL,
    heartbeat_at INTEGER NOT NULL,
    watched INTEGER NOT NULL,
    PRIMARY KEY (namespace, id)
  ) WITHOUT ROWID;
  CREATE INDEX agents_heartbeat ON agents (watched, heartbeat_at);

  -- The last fence of each namespace outlives its claims.
  CREATE TABLE file_fences (namespace TEXT PRIMARY KEY, fence INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE file_claims (
    namespace TEXT NOT NULL,
    id TEXT NOT NULL,
    agent TEXT NOT NULL,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    claimed_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    globs TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (namespace, id)
  ) WITHOUT ROWID;

  CREATE TABLE contexts (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace TEXT NOT NULL,
    id TEXT NOT NULL,
    sender TEXT NOT NULL,
    owner TEXT NOT NULL,
    topic TEXT NOT NULL,
    session TEXT,
    task_id TEXT,
    permission TEXT NOT NULL,
    bidirectional INTEGER NOT NULL,
    reply_to TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    receivers TEXT NOT NULL,
    memory_ids TEXT NOT NULL,
    files TEXT NOT NULL,
    metadata TEXT NOT NULL,
    content TEXT NOT NULL
  );
  CREATE UNIQUE INDEX contexts_id ON contexts (namespace, id);
  CREATE INDEX contexts_expiry ON contexts (expires_at) WHERE expires_at IS NOT NULL;
  -- Who reads a context: the principal that it is of or for, a client, or everybody.
  CREATE TABLE context_readers (
    reader TEXT NOT NULL,
    num INTEGER NOT NULL REFERENCES contexts ON DELETE CASCADE,
    PRIMARY KEY (reader, num)
  ) WITHOUT ROWID;
  CREATE INDEX context_readers_num ON context_readers (num);
  CREATE TABLE context_acknowledgements (
    num INTEGER NOT NULL REFERENCES contexts ON DELETE CASCADE,
    principal TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (num, principal)
  ) WITHOUT ROWID;
`;
