/** Who may see and own: a user on a machine with a client. Its id reads `user@host/client`. */
export interface Principal {
  readonly id: string;
  /** The client's short name, such as `claude-code`, `vscode` or `cli`. */
  readonly client: string;
}

/** On whose behalf a call is made; a surface fills it in, never the caller itself. */
export interface Caller {
  readonly principal: Principal;
  /** One running session of the principal, such as one window or one MCP session. */
  readonly instance: string;
  /** Where writes go, and what is read beside `global`, when the call names no namespace. */
  readonly namespace: string;
  /** Label for what it stores; default: the client's name. */
  readonly agent?: string;
}

/** Holds everywhere: every recall reads it beside the caller's own namespace. */
export const GLOBAL_NAMESPACE = 'global';

/** Whose eyes a read goes through. Every read takes one, so that no path forgets visibility. */
export interface Viewer {
  readonly principal: string;
  readonly client: string;
}

export function viewerOf(caller: Caller): Viewer {
  return { principal: caller.principal.id, client: caller.principal.client };
}
