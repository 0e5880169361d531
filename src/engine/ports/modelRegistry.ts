/** A model that some node can run. */
export interface NewModel {
  /** 1..200 characters; does not end in `:stats`. */
  readonly name: string;
  readonly node: string;
  readonly sizeGb: number;
  /** Such as Q4_K_M; empty: none. */
  readonly quantization: string;
  /** Tokens. */
  readonly contextLength: number;
  /** In words, such as "45 tokens/s"; empty: unknown. */
  readonly performance: string;
}

export interface ModelRecord extends NewModel {
  /** When it was last put: ms since the epoch, by the store's clock; 0 where another program left no time that can be read. */
  readonly updatedAt: number;
}

export interface ModelUsage {
  readonly requests: number;
  readonly tokensGenerated: number;
}

/**
 * Which models there are, where they run, and how much they are used. Nothing here expires.
 * Methods reject with `invalid_input` for what cannot be kept unchanged, `unavailable` when the store does not answer in time.
 * @see docs/redis-schema.md C5
 */
export interface ModelRegistry {
  /** Adds or replaces. */
  put(model: NewModel): Promise<void>;
  get(name: string): Promise<ModelRecord | undefined>;
  /** By name. */
  list(): Promise<readonly ModelRecord[]>;
  /** With its usage, and from every node where it is active, which is told as for `activate`. Idempotent. */
  remove(name: string): Promise<void>;

  /** The node runs this model from now on, or none; the event `model_updated` tells it. */
  activate(node: string, model: string | undefined): Promise<void>;
  /** Model by node. */
  active(): Promise<ReadonlyMap<string, string>>;

  /** Adds whole numbers >= 0 to the counts. */
  addUsage(name: string, added: ModelUsage): Promise<void>;
  usage(name: string): Promise<ModelUsage>;
}
