import { MemoryError } from '../errors.ts';

/** What a token may be for: `read` sees, `write` changes memories, `tasks` works with other agents (tasks, files, what is shared), `admin` runs the server. */
export const SCOPES = ['read', 'write', 'tasks', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a caller may do, and where. Whoever has none given may do all, as this machine's own user. */
export interface Rights {
  readonly scopes: readonly Scope[];
  /** Nothing outside them is seen or changed; undefined: all namespaces. */
  readonly namespaces?: readonly string[];
  /** Labels of the clients that it is made for: it goes by no other; undefined: what it calls itself is its own word, and opens nothing. */
  readonly clients?: readonly string[];
}

/** Somebody with rights; undefined: with all. */
interface Holder {
  readonly rights?: Rights;
}

/** `forbidden`, for want of a scope. */
export class ScopeMissing extends MemoryError {
  readonly scope: Scope;

  constructor(scope: Scope, { scopes }: Rights) {
    super(
      'forbidden',
      `This needs the scope "${scope}", which your token does not have. Nothing was done.`,
      `It has ${scopes.join(', ') || 'none'}; ask whoever runs the server for another one.`,
    );
    this.scope = scope;
  }
}

/** Throws `forbidden` where the caller lacks it. */
export function demandScope({ rights }: Holder, scope: Scope): void {
  if (rights && !rights.scopes.includes(scope)) throw new ScopeMissing(scope, rights);
}

/** Throws `forbidden` for a caller that is bound to namespaces. @param what belongs to none, such as `gpu_status` */
export function demandEverywhere({ rights }: Holder, what: string): void {
  if (rights?.namespaces === undefined) return;
  throw new MemoryError(
    'forbidden',
    `${what} keeps to no namespace, and your token is bound to some. Nothing was done.`,
    'Ask whoever runs the server for a token without namespaces.',
  );
}

/** Throws `forbidden` for a namespace that is not the caller's, be there anything in it or not. */
export function demandWithin({ rights }: Holder, namespace: string): void {
  if (!rights?.namespaces || rights.namespaces.includes(namespace)) return;
  throw new MemoryError(
    'forbidden',
    `Your token does not reach the namespace "${namespace}". Nothing was done.`,
    `It reaches ${rights.namespaces.join(', ') || 'none'}.`,
  );
}
