import type { ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Listening } from './listening.ts';
import { type McpWork, RESOURCE_LIST, type ResourceWatch } from './mcpWork.ts';

/** One stream: what it listens to, and the memory as its client sees it. */
export interface Listener extends Listening {
  readonly work: McpWork;
}

/** Feeds the change streams of stateless clients, each with what its own client may see. Nothing is watched without a stream. */
export class ListenBus implements ServerEventBus {
  readonly #current: () => Listener | undefined;
  readonly #logger: Logger;

  /** @param current the stream whose request is being served */
  constructor(current: () => Listener | undefined, logger: Logger) {
    this.#current = current;
    this.#logger = logger;
  }

  /** Nobody publishes for all: what changed depends on who looks. */
  publish(_: ServerEvent): void {}

  subscribe(tell: (event: ServerEvent) => void): () => void {
    const listener = this.#current();
    let ended = false;
    let watch: ResourceWatch | undefined;
    const open = async ({ client, uris, work }: Listener) => {
      watch = await work.watchResources(client, uri =>
        tell(uri === RESOURCE_LIST ? { kind: 'resources_list_changed' } : { kind: 'resource_updated', uri }),
      );
      // One after the other: where one is refused, no more are looked up.
      for (const uri of uris) await watch.add(uri);
      if (ended) watch[Symbol.dispose]();
    };
    if (listener && listener.uris.length > 0)
      open(listener).catch(error =>
        this.#logger.warn('a stream of changes stays silent', { error: String(error) }),
      );
    return () => {
      ended = true;
      watch?.[Symbol.dispose]();
    };
  }
}
