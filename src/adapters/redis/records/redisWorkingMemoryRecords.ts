import type { Span } from '../../../engine/model/span.ts';
import type {
  WorkingMemoryFilter,
  WorkingMemoryKey,
  WorkingMemoryRecords,
} from '../../../engine/ports/workingMemoryRecords.ts';
import { checkWorkingMemory } from '../../../engine/records/checkWorkingMemory.ts';
import type { RecordSpace } from './recordSpace.ts';

const INDEX = 'working:sessions';
/** Members of the index that are read in one step. */
const STEP = 1000;

/** STRING `working:{namespace}:{user}:{session}`, each percent-encoded, and ZSET `working:sessions` of the same names. */
export class RedisWorkingMemoryRecords implements WorkingMemoryRecords {
  readonly #space: RecordSpace;

  constructor(space: RecordSpace) {
    this.#space = space;
  }

  async put(key: WorkingMemoryKey, text: string, lifeMs: number | null): Promise<void> {
    checkWorkingMemory(key);
    await this.#space.script('putWorking', this.#keysOf(key), memberOf(key), lifeMs ?? 0, text);
  }

  async get(key: WorkingMemoryKey): Promise<string | undefined> {
    checkWorkingMemory(key);
    const text = await this.#space.ask(client => client.get(this.#keysOf(key)[0]!));
    return text ?? undefined;
  }

  async list(filter: WorkingMemoryFilter, { limit, offset }: Span) {
    const alive: WorkingMemoryKey[] = [];
    const gone: WorkingMemoryKey[] = [];
    for (let start = 0; ; start += STEP) {
      const members = await this.#space.ask(client =>
        client.zrevrange(this.#space.key(INDEX), start, start + STEP - 1),
      );
      const wanted = members.flatMap(member => {
        const key = keyOf(member);
        return key && fits(key, filter) ? [key] : [];
      });
      const there = await this.#space.batch(wanted, (pipeline, key) =>
        pipeline.exists(this.#keysOf(key)[0]!),
      );
      for (const [i, key] of wanted.entries()) (there[i] === 1 ? alive : gone).push(key);
      if (members.length < STEP) break;
    }
    // Each by itself: whoever puts one anew meanwhile finds it listed.
    if (gone.length > 0)
      await this.#space.scripts(gone.map(key => ['tidyWorking', this.#keysOf(key), [memberOf(key)]]));
    return { keys: alive.slice(offset, offset + limit), total: alive.length };
  }

  async remove(key: WorkingMemoryKey): Promise<void> {
    checkWorkingMemory(key);
    await this.#space.script('removeRecord', this.#keysOf(key), memberOf(key));
  }

  #keysOf(key: WorkingMemoryKey): readonly string[] {
    return [`working:${memberOf(key)}`, INDEX].map(name => this.#space.key(name));
  }
}

function memberOf({ namespace, session, user }: WorkingMemoryKey): string {
  return [namespace, user, session].map(encodeURIComponent).join(':');
}

/** undefined for what another program has written there. */
function keyOf(member: string): WorkingMemoryKey | undefined {
  try {
    const [namespace, user, session, ...more] = member.split(':').map(decodeURIComponent);
    if (namespace === undefined || user === undefined || session === undefined || more.length > 0)
      return undefined;
    return { namespace, user, session };
  } catch {
    return undefined;
  }
}

function fits(key: WorkingMemoryKey, { namespaces, session, user }: WorkingMemoryFilter): boolean {
  return (
    (namespaces?.includes(key.namespace) ?? true) &&
    (user === undefined || key.user === user) &&
    (session === undefined || key.session === session)
  );
}
