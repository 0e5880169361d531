/** Tables of docs/redis-schema.md's records, one step of the migrations: never changed once released. */
export const RECORDS_SCHEMA = `
  CREATE TABLE session_records (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    files TEXT NOT NULL,
    current_task TEXT NOT NULL,
    last_tool TEXT NOT NULL,
    node TEXT NOT NULL,
    context TEXT NOT NULL
  );
  CREATE INDEX session_records_at ON session_records (at);
  CREATE TABLE session_users (
    username TEXT NOT NULL,
    session TEXT NOT NULL REFERENCES session_records ON DELETE CASCADE,
    PRIMARY KEY (username, session)
  ) WITHOUT ROWID;
  CREATE INDEX session_users_session ON session_users (session);

  CREATE TABLE embedding_records (
    sha256 TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    source TEXT NOT NULL,
    tool_context TEXT NOT NULL,
    success INTEGER NOT NULL,
    vector BLOB NOT NULL,
    text TEXT NOT NULL
  );
  CREATE INDEX embedding_records_at ON embedding_records (at);
  CREATE TABLE embedding_sessions (
    session TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES embedding_records ON DELETE CASCADE,
    PRIMARY KEY (session, sha256)
  ) WITHOUT ROWID;
  CREATE INDEX embedding_sessions_sha256 ON embedding_sessions (sha256);

  CREATE TABLE learning_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    tool_used TEXT NOT NULL,
    success INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    node TEXT NOT NULL,
    user_query TEXT NOT NULL,
    tool_args TEXT NOT NULL,
    result TEXT NOT NULL
  );
  CREATE INDEX learning_entries_at ON learning_entries (at);
  CREATE TABLE learning_groups (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO learning_groups VALUES ('training_pipeline', 0), ('analytics', 0);
  CREATE TABLE learning_pending (
    group_name TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES learning_entries ON DELETE CASCADE,
    consumer TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    PRIMARY KEY (group_name, entry)
  ) WITHOUT ROWID;
  CREATE INDEX learning_pending_entry ON learning_pending (entry);

  CREATE TABLE tool_results (
    tool TEXT NOT NULL,
    path TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (tool, path, input_hash)
  );
  CREATE INDEX tool_results_expiry ON tool_results (expires_at);
  CREATE TABLE tool_counts (tool TEXT PRIMARY KEY, hits INTEGER NOT NULL, misses INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE model_records (
    name TEXT PRIMARY KEY,
    node TEXT NOT NULL,
    size_gb REAL NOT NULL,
    quantization TEXT NOT NULL,
    context_length INTEGER NOT NULL,
    at INTEGER NOT NULL,
    performance TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE active_models (node TEXT PRIMARY KEY, model TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE model_usage (name TEXT PRIMARY KEY, requests INTEGER NOT NULL, tokens_generated INTEGER NOT NULL)
    WITHOUT ROWID;

  CREATE TABLE node_records (
    name TEXT PRIMARY KEY,
    gpu TEXT NOT NULL,
    vram_gb REAL NOT NULL,
    compute_tflops REAL NOT NULL,
    ram_gb REAL NOT NULL,
    roles TEXT NOT NULL,
    status TEXT NOT NULL
  ) WITHOUT ROWID;
  -- The nodes that are active: each has had a heartbeat and is not retired.
  CREATE TABLE node_heartbeats (
    name TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    cpu REAL NOT NULL,
    gpu REAL NOT NULL,
    mem REAL NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    node TEXT,
    model TEXT,
    accuracy REAL,
    status TEXT
  );
`;
