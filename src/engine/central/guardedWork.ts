import type { Work } from '../ports/work.ts';

/** The same stores, each call of which asks first whether it may. @param confirm rejects where it may not */
export function guardedWork({ tasks, agents, files, contexts }: Work, confirm: () => Promise<void>): Work {
  return {
    tasks: guarded(tasks, confirm),
    agents: guarded(agents, confirm),
    files: guarded(files, confirm),
    contexts: guarded(contexts, confirm),
  };
}

/** @param store all of its methods are asynchronous */
function guarded<T extends object>(store: T, confirm: () => Promise<void>): T {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        await confirm();
        return member.apply(target, args) as unknown;
      };
    },
  });
}
