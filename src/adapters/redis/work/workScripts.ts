import type { Argument, Callable } from '../recordScripts.ts';
import { guard, type RecordSpace } from '../records/recordSpace.ts';

/** Scripts of one store, each atomic by itself. Their one key is what comes before the names of all. */
export class WorkScripts<Name extends string> {
  readonly #space: RecordSpace;
  readonly #prefix: string;

  /** @param scripts as Lua, by names that no other store's scripts have */
  constructor(space: RecordSpace, scripts: readonly (readonly [name: Name, lua: string])[]) {
    this.#space = space;
    this.#prefix = space.key('');
    for (const [name, lua] of scripts) space.define(commandOf(name), lua);
  }

  /** A change counts once a replica has it, where there are replicas. Rejects as `RecordSpace.changes` does. */
  async change(script: Name, ...args: readonly Argument[]): Promise<unknown> {
    const [reply] = await this.changes(script, [args]);
    return reply;
  }

  /** The same for several calls of one script. */
  async changes(script: Name, calls: readonly (readonly Argument[])[]): Promise<readonly unknown[]> {
    return this.#space.changes(commandOf(script), [this.#prefix], calls);
  }

  /** For what reads, or may get lost when a primary dies. */
  async ask(script: Name, ...args: readonly Argument[]): Promise<unknown> {
    guard(...args);
    return this.#space.ask(client =>
      (client as unknown as Callable)[commandOf(script)]!(1, this.#prefix, ...args),
    );
  }
}

function commandOf(script: string): string {
  return `memoryCentral_work_${script}`;
}
