import type { Rights } from './rights.ts';

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
  /** The instance goes on after this call, so that its agent is kept alive and its leases renewed for it; a command line's does not. */
  readonly lasting?: boolean;
  /** A person acts, in the editor or at a command line: what they store needs no review, and only they review. */
  readonly person?: boolean;
  /** Owner of a memory that was shared with this caller: it is seen with the owner's eyes, and changed under the caller's own name. */
  readonly onBehalfOf?: string;
  /** What it may do, and where; undefined: all. */
  readonly rights?: Rights;
}

/** Holds everywhere: every recall reads it beside the caller's own namespace. */
export const GLOBAL_NAMESPACE = 'global';

/** Whose eyes a read goes through. Every read takes one, so that no path forgets visibility. */
export interface Viewer {
  readonly principal: string;
  readonly client: string;
  /** Where unreviewed memories are held back: those of this principal are seen all the same; `EVERYBODY`: all. Default: its own. */
  readonly unreviewedOf?: string;
  /** Nothing of other namespaces is there; undefined: all. */
  readonly namespaces?: readonly string[];
}

/** No principal's id: a person sees what anybody wrote, or nobody could review it. */
export const EVERYBODY = '*';

export function viewerOf(caller: Caller): Viewer {
  const { onBehalfOf, person, principal, rights } = caller;
  const unreviewedOf = person ? EVERYBODY : principal.id;
  // Whoever sees with another's eyes sees no more than its own rights allow.
  const bound = rights?.namespaces && { namespaces: rights.namespaces };
  // A client's name grants as well, and is not the owner's.
  if (onBehalfOf !== undefined) return { principal: onBehalfOf, client: '', unreviewedOf, ...bound };
  return { principal: principal.id, client: principal.client, ...(person && { unreviewedOf }), ...bound };
}
