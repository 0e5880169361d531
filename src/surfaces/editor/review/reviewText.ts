import { oneLine } from '../../../engine/foreignText.ts';

/** A memory as `retrieve_memory` tells it, as far as a reviewer reads it. */
export interface ReviewedMemory {
  readonly content: string;
  readonly memory_type: string;
  readonly priority: string;
  readonly visibility: string;
  readonly shared_with: readonly string[];
  readonly tags: readonly string[];
  readonly metadata: object;
  readonly pinned: boolean;
  readonly sensitive: boolean;
  readonly trust: number;
  readonly expires_at: string | null;
  readonly supersedes: string | null;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
  readonly anchors: readonly object[];
}

/** What is told of a new memory above its text. */
const OF_NEW = ['type', 'priority', 'tags', 'pinned'];

/** How each field reads, by its name in the engine. */
const LINES: Readonly<Record<string, (memory: ReviewedMemory) => string>> = {
  type: ({ memory_type }) => `type: ${memory_type}`,
  priority: ({ priority }) => `priority: ${priority}`,
  visibility: ({ visibility }) => `visibility: ${visibility}`,
  sharedWith: ({ shared_with }) => `shared with: ${shared_with.join(', ')}`,
  tags: ({ tags }) => `tags: ${tags.join(', ')}`,
  metadata: ({ metadata }) => `metadata: ${JSON.stringify(metadata)}`,
  pinned: ({ pinned }) => `pinned: ${pinned ? 'yes' : 'no'}`,
  sensitive: ({ sensitive }) => `sensitive: ${sensitive ? 'yes' : 'no'}`,
  expiresAt: ({ expires_at }) => `expires: ${expires_at ?? 'never'}`,
  trust: ({ trust }) => `trust: ${trust}`,
  supersedes: ({ supersedes }) => `supersedes: ${supersedes ?? 'nothing'}`,
  validFrom: ({ valid_from }) => `valid from: ${valid_from ?? 'always'}`,
  validUntil: ({ valid_until }) => `valid until: ${valid_until ?? 'always'}`,
  anchors: ({ anchors }) => `code: ${anchors.map(one => JSON.stringify(one)).join(', ')}`,
};

/**
 * A memory as a document to review: the labels that changed, then what it says.
 * @param changed names of the fields that changed; undefined: it is new
 */
export function reviewText(memory: ReviewedMemory, changed: readonly string[] | undefined): string {
  const shown = (changed ?? OF_NEW).flatMap(name => LINES[name]?.(memory) ?? []);
  const labels = shown.map(line => oneLine(line));
  return [...(labels.length > 0 ? ['---', ...labels, '---', ''] : []), memory.content].join('\n');
}
