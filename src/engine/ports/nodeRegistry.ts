/** A node is silent so long after its last heartbeat. */
export const HEARTBEAT_TTL_MS = 30_000;

/** Per cent, 0..100. */
export interface NodeLoad {
  readonly cpu: number;
  readonly gpu: number;
  readonly mem: number;
}

/** What a machine can do. */
export interface NodeRecord {
  /** 1..200 characters; does not end in `:heartbeat`. */
  readonly name: string;
  /** In words; empty: none. */
  readonly gpu: string;
  readonly vramGb: number;
  readonly computeTflops: number;
  readonly ramGb: number;
  /** Such as training, inference, embeddings; none contains a comma. */
  readonly roles: readonly string[];
  /** `online` and `offline` are set here; others, such as `draining`, by whoever runs the node. */
  readonly status: string;
}

/** A node that is listed as active. */
export interface ActiveNode {
  readonly name: string;
  /** undefined when the node never said what it can do. */
  readonly node?: NodeRecord;
  /** undefined when its last heartbeat is over. */
  readonly load?: NodeLoad;
}

/**
 * The machines of the LAN.
 * Methods reject with `invalid_input` for what cannot be kept unchanged, `unavailable` when the store does not answer in time.
 * @see docs/redis-schema.md C6
 */
export interface NodeRegistry {
  /** Adds or replaces what is known of it; it becomes active with its first heartbeat. */
  put(node: NodeRecord): Promise<void>;
  get(name: string): Promise<NodeRecord | undefined>;

  /** It lives, for HEARTBEAT_TTL_MS from now; one that was offline is online again. One that was not active is now: the event `node_status` tells it. */
  heartbeat(name: string, load: NodeLoad): Promise<void>;

  /** By name. Silent ones are among them until they are retired. */
  active(): Promise<readonly ActiveNode[]>;

  /** It goes in order: no longer active, its status offline, which the event `node_status` tells of one that was active. Idempotent. */
  retire(name: string): Promise<void>;

  /** Retires those that are silent. @returns their names; of several processes that do it at once one returns each */
  retireSilent(): Promise<readonly string[]>;
}
