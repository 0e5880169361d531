import type { Server } from '@modelcontextprotocol/server';
import type { Engine } from '../../engine/engine.ts';

/**
 * Resource subscriptions of one connection (2025-11-25): the store is watched only while somebody subscribes. A change tells of
 * every subscribed address, since a client reads it anew anyway.
 */
export class Subscriptions implements Disposable {
  readonly #uris = new Set<string>();
  #watching: Disposable | undefined;

  constructor(server: Server, engine: () => Promise<Engine>) {
    server.setRequestHandler('resources/subscribe', async ({ params }) => {
      this.#uris.add(params.uri);
      this.#watching ??= (await engine()).watch(() => {
        for (const uri of this.#uris) server.sendResourceUpdated({ uri }).catch(() => {});
        server.sendResourceListChanged().catch(() => {});
      });
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', ({ params }) => {
      this.#uris.delete(params.uri);
      if (this.#uris.size === 0) this[Symbol.dispose]();
      return {};
    });
  }

  [Symbol.dispose](): void {
    this.#watching?.[Symbol.dispose]();
    this.#watching = undefined;
  }
}
