/** One step of the migrations: never changed once released. */
export const WORKING_MEMORY_SCHEMA = `
  CREATE TABLE working_memories (
    namespace TEXT NOT NULL,
    user TEXT NOT NULL,
    session TEXT NOT NULL,
    at INTEGER NOT NULL,
    expires_at INTEGER,
    text TEXT NOT NULL,
    PRIMARY KEY (session, namespace, user)
  );
  CREATE INDEX working_memories_at ON working_memories (at);
  CREATE INDEX working_memories_expiry ON working_memories (expires_at) WHERE expires_at IS NOT NULL;
`;
