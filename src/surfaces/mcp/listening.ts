import { type Client, RESOURCE_LIST } from './mcpWork.ts';

/** What a stream of changes is to tell, and to whom. */
export interface Listening {
  readonly uris: readonly string[];
  readonly client: Client;
}

/** Reads the parameters of `subscriptions/listen` (2026-07-28) as far as they are valid; the SDK answers what is not. */
export function listening(params: unknown): Listening {
  const { notifications, _meta } = (params ?? {}) as {
    notifications?: { resourceSubscriptions?: unknown; resourcesListChanged?: unknown };
    _meta?: Readonly<Record<string, { name?: unknown } | undefined>>;
  };
  const asked = notifications?.resourceSubscriptions;
  const name = _meta?.['io.modelcontextprotocol/clientInfo']?.name;
  return {
    uris: [
      ...(Array.isArray(asked) ? asked.filter(uri => typeof uri === 'string') : []),
      ...(notifications?.resourcesListChanged === true ? [RESOURCE_LIST] : []),
    ],
    client: { name: typeof name === 'string' ? name : undefined, roots: async () => [] },
  };
}
