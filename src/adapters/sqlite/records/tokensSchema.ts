/** One step of the migrations: never changed once released. */
export const TOKENS_SCHEMA = `
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    namespaces TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    used_at INTEGER
  ) WITHOUT ROWID;
`;
