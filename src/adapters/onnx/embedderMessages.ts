/** Texts to embed, sent to the embedding process. An urgent request overtakes all that are not. */
export interface EmbedRequest {
  readonly id: number;
  readonly texts: readonly string[];
  readonly urgent: boolean;
}

/** What the embedding process answers. */
export type EmbedderReply =
  | { readonly kind: 'ready'; readonly device: string }
  /** The model cannot be loaded; the process ends after this. */
  | { readonly kind: 'failed'; readonly message: string; readonly fix: string }
  /** The vectors of one request, one after another. */
  | { readonly kind: 'vectors'; readonly id: number; readonly vectors: Float32Array }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string };
