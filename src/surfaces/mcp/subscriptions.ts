import type { Server } from '@modelcontextprotocol/server';
import { type Client, type McpWork, RESOURCE_LIST, type ResourceWatch } from './mcpWork.ts';

/** The changes one connection wants to hear of, told through its server. Nothing is watched while it wants none. */
export class Subscriptions implements Disposable {
  readonly #server: Server;
  readonly #work: () => Promise<McpWork>;
  /** How often each is wanted: several streams of one connection may want the same. */
  readonly #wanted = new Map<string, number>();
  #watch: Promise<ResourceWatch> | undefined;
  #closed = false;

  constructor(server: Server, work: () => Promise<McpWork>) {
    this.#server = server;
    this.#work = work;
  }

  /** Resolves when every later change will be told; rejects, wanting nothing more, when an address has no valid form. */
  async add(uris: readonly string[], client: Client): Promise<void> {
    if (this.#closed || uris.length === 0) return;
    this.#watch ??= this.#open(client);
    for (const uri of uris) this.#wanted.set(uri, (this.#wanted.get(uri) ?? 0) + 1);
    try {
      const watch = await this.#watch;
      await Promise.all(uris.map(uri => watch.add(uri)));
    } catch (error) {
      await this.remove(uris);
      throw error;
    }
  }

  async remove(uris: readonly string[]): Promise<void> {
    const watch = await this.#watch?.catch(() => undefined);
    for (const uri of uris) {
      const left = (this.#wanted.get(uri) ?? 0) - 1;
      if (left > 0) this.#wanted.set(uri, left);
      else if (this.#wanted.delete(uri)) watch?.remove(uri);
    }
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#wanted.clear();
    this.#watch?.then(watch => watch[Symbol.dispose]()).catch(() => {});
  }

  async #open(client: Client): Promise<ResourceWatch> {
    try {
      return await (await this.#work()).watchResources(client, uri => {
        const told =
          uri === RESOURCE_LIST
            ? this.#server.sendResourceListChanged()
            : this.#server.sendResourceUpdated({ uri });
        // A client that went away hears nothing.
        told.catch(() => {});
      });
    } catch (error) {
      this.#watch = undefined;
      throw error;
    }
  }
}
