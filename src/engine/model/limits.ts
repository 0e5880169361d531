/** What a memory may hold. Documented in the reference; over it a call is refused, never cut. */
export const LIMITS = {
  contentChars: 100_000,
  idChars: 200,
  nameChars: 200,
  tags: 64,
  tagChars: 100,
  /** Of the metadata as JSON. */
  metadataChars: 32_000,
  anchors: 32,
  sharedWith: 64,
  queryChars: 4_000,
  titleChars: 300,
  /** Of a task's description, a note, a result as JSON, or what is shared. */
  workChars: 100_000,
  dependencies: 100,
  capabilities: 64,
} as const;
