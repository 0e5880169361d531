/**
 * What may be long comes last. Which capabilities a task asks for is one number (its signature), so that a claim looks into one index for
 * each set of them, however many tasks wait.
 */
export const TASKS_SCHEMA = `
  CREATE TABLE task_signatures (
    signature INTEGER PRIMARY KEY,
    namespace TEXT NOT NULL,
    capabilities TEXT NOT NULL,
    UNIQUE (namespace, capabilities)
  );
  CREATE TABLE tasks (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace TEXT NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    priority TEXT NOT NULL,
    signature INTEGER NOT NULL REFERENCES task_signatures,
    score INTEGER NOT NULL,
    moves_at INTEGER,
    fence INTEGER NOT NULL,
    lease_id TEXT,
    lease_end TEXT,
    lease_ms INTEGER NOT NULL,
    holder TEXT,
    lease_until INTEGER,
    offered_to TEXT,
    offer_until INTEGER,
    next_agent TEXT,
    next_offer_ms INTEGER,
    due_at INTEGER,
    deadline INTEGER,
    open_dependencies INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    losses INTEGER NOT NULL,
    max_losses INTEGER,
    retry TEXT NOT NULL,
    progress REAL,
    preferred_agent TEXT,
    idempotency_key TEXT,
    owner TEXT NOT NULL,
    submitted_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    note TEXT,
    question TEXT,
    answer TEXT,
    reason TEXT,
    capabilities TEXT NOT NULL,
    depends_on TEXT NOT NULL,
    description TEXT NOT NULL,
    metrics TEXT,
    payload TEXT NOT NULL,
    result TEXT,
    UNIQUE (namespace, id)
  );
  CREATE UNIQUE INDEX tasks_key ON tasks (namespace, idempotency_key) WHERE idempotency_key IS NOT NULL;
  CREATE INDEX tasks_open ON tasks (signature, score, id, deadline) WHERE state = 'ready' AND offered_to IS NULL;
  CREATE INDEX tasks_offered ON tasks (offered_to, namespace, signature, score, id) WHERE offered_to IS NOT NULL;
  CREATE INDEX tasks_held ON tasks (holder, namespace) WHERE holder IS NOT NULL;
  CREATE INDEX tasks_next ON tasks (next_agent, namespace) WHERE next_agent IS NOT NULL;
  CREATE INDEX tasks_moves ON tasks (moves_at) WHERE moves_at IS NOT NULL;
  CREATE INDEX tasks_moves_in ON tasks (namespace, moves_at) WHERE moves_at IS NOT NULL;
  CREATE INDEX tasks_state ON tasks (namespace, state, created_at, id);
  CREATE INDEX tasks_created ON tasks (namespace, created_at, id);
  CREATE INDEX tasks_time ON tasks (created_at, id);
  CREATE INDEX tasks_signature ON tasks (signature);
  CREATE INDEX tasks_ended ON tasks (finished_at) WHERE finished_at IS NOT NULL;

  CREATE TABLE task_history (
    num INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    by TEXT NOT NULL,
    fence INTEGER NOT NULL,
    note TEXT,
    PRIMARY KEY (num, version)
  ) WITHOUT ROWID;

  CREATE TABLE task_dependencies (
    namespace TEXT NOT NULL,
    depends_on TEXT NOT NULL,
    num INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
    completed INTEGER NOT NULL,
    PRIMARY KEY (namespace, depends_on, num)
  ) WITHOUT ROWID;
  CREATE INDEX task_dependencies_num ON task_dependencies (num);

  -- What happened in a namespace since the store was made.
  CREATE TABLE task_totals (
    namespace TEXT PRIMARY KEY,
    completed INTEGER NOT NULL,
    died INTEGER NOT NULL,
    retried INTEGER NOT NULL,
    lost INTEGER NOT NULL
  ) WITHOUT ROWID;
`;
