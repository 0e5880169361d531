import { anotherMemory } from '../../engine/central/anotherMemory.ts';
import { MemoryError } from '../../engine/errors.ts';
import type { CentralLog, OfferedVector } from '../../engine/ports/centralLog.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Accesses, CentralState, Change, LogEntry } from '../../engine/ports/replica.ts';
import { LogFollower } from './logFollower.ts';
import { placeOf } from './memoryKeys.ts';
import { offerVectors, readVectors } from './offeredVectors.ts';
import { BLOCK_MS } from './readStream.ts';
import type { RedisConnection } from './redisConnection.ts';
import { script, scriptText } from './scripts.ts';

/** Entries that are kept for those who were away; who is further behind starts from the memories' state. */
const KEPT = 100_000;

/** Memories whose accesses are told at once. */
const TOTALS = 1_000;

const APPEND = 'memoryCentral_append';
/** Its keys. */
const LOG = ['operations', 'operations:position', 'memories', 'operations:anew', 'store:id'];

export interface RedisCentralLogOptions {
  /** Stays its owner's. */
  readonly connection: RedisConnection;
  readonly newId: () => string;
  /** For tests; default 100,000. */
  readonly keptEntries?: number;
  readonly logger: Logger;
}

/**
 * The log in Redis, which may be out of reach yet: a stream whose ids are `<position>-0`, its position, and one hash a memory with its fields as text.
 * A change is one script, so that it is whole or not there.
 */
export function openRedisCentralLog(options: RedisCentralLogOptions): CentralLog {
  return new RedisCentralLog(options);
}

/** Many come as one list: a call takes no more than some ten thousand. */
type Argument = string | number | readonly (string | number)[];

/** As XRANGE gives them. */
type Entries = readonly (readonly [id: string, fields: readonly [name: string, entry: string]])[];

class RedisCentralLog implements CentralLog {
  readonly address: string;
  readonly #connection: RedisConnection;
  readonly #options: RedisCentralLogOptions;
  readonly #after: ReturnType<typeof script>;
  readonly #states: ReturnType<typeof script>;
  readonly #accesses: ReturnType<typeof script>;
  readonly #headKeys: string[];
  readonly #followers = new Set<LogFollower>();
  /** Which memory it was when it was last asked. */
  #id: string | undefined;

  constructor(options: RedisCentralLogOptions) {
    const { connection } = options;
    this.address = connection.address;
    this.#connection = connection;
    this.#options = options;
    this.#headKeys = [this.#key('operations:position'), this.#key('store:id')];
    connection.define(APPEND, scriptText('append'), LOG.length);
    this.#after = script(connection, 'after', 3);
    this.#states = script(connection, 'states', 2);
    this.#accesses = script(connection, 'accesses', 4);
  }

  async now(): Promise<number> {
    const [seconds, microseconds] = await this.#connection.ask(client => client.time());
    return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  }

  async id(): Promise<string> {
    this.#id = await this.#connection.ask(async client => {
      const key = this.#key('store:id');
      const known = await client.get(key);
      if (known !== null) return known;
      await client.setnx(key, this.#options.newId());
      return (await client.get(key))!;
    });
    return this.#id;
  }

  async keptId(): Promise<string> {
    for (;;) {
      const id = await this.id();
      await this.#confirm();
      // Whoever took the primary's place meanwhile may never have heard of it.
      if (id === (await this.id())) return id;
    }
  }

  async append(changes: readonly Change[], position: number): Promise<'appended' | readonly LogEntry[]> {
    const others = (await this.#confirmed(
      APPEND,
      ...LOG.map(name => this.#key(name)),
      position,
      this.#options.keptEntries ?? KEPT,
      this.#id ?? '',
      changes.flatMap(change => this.#argumentsOf(change)),
    )) as Entries | number | null;
    // Emptied, or restored, while the connection stayed.
    if (typeof others === 'number') throw anotherMemory(this.address);
    if (!others) return 'appended';
    const entries = entriesOf(others);
    return hasGap(entries, position) ? [] : entries;
  }

  async head(): Promise<number> {
    const [position, id] = await this.#connection.ask(client => client.mget(this.#headKeys));
    if (this.#id !== undefined && id !== this.#id) throw anotherMemory(this.address);
    return Number(position ?? 0);
  }

  async after(position: number, limit: number): Promise<readonly LogEntry[] | undefined> {
    // Mostly there is no news, and a script costs more than a look.
    if ((await this.head()) === position) return [];
    const keys = ['operations', 'operations:position', 'operations:anew'].map(name => this.#key(name));
    const [head, found] = (await this.#after(...keys, position, limit)) as [number, Entries];
    if (head < position) throw wentBack(this.address, position, head);
    if (head > position) await this.#confirm();
    const entries = entriesOf(found);
    const missing = (entries.at(-1)?.position ?? position) < Math.min(head, position + limit);
    return missing || hasGap(entries, position) ? undefined : entries;
  }

  async holds(position: number, operationId: string): Promise<boolean> {
    const id = `${position}-0`;
    const [[, [, entry]] = [id, ['entry', null]]] = (await this.#connection.ask(async client => {
      const kept = await client.xrange(this.#key('operations'), id, id);
      return kept.length > 0
        ? kept
        : [[id, ['entry', await client.hget(this.#key('operations:anew'), `${position}`)]]];
    })) as [string, [string, string | null]][];
    return entry === null || entry.includes(mark('id', operationId));
  }

  async statesAfter(
    position: number,
    limit: number,
  ): Promise<{ head: number; states: readonly CentralState[] }> {
    const [head, found] = (await this.#states(
      ...[this.#key('operations:position'), this.#key('memories')],
      ...[position, limit, this.#key('memory:'), ':versions'],
    )) as [number, [string, string[], string[]][]];
    await this.#confirm();
    const states = found.map(([at, fields, versions]) => ({
      position: Number(at),
      state: Object.fromEntries(fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]!]] : []))),
      versions,
    }));
    return { head, states };
  }

  async countAccesses(
    counted: readonly Accesses[],
    from: number,
  ): Promise<{ totals: readonly Accesses[]; to: number; more: boolean }> {
    const [to, more, totals] = (await this.#accesses(
      ...['accesses', 'accesses:last', 'accesses:order', 'accesses:position'].map(name => this.#key(name)),
      ...[from, TOTALS],
      ...counted.flatMap(({ id, count, at }) => [id, this.#key(`memory:${placeOf(id)}`), count, at]),
    )) as [number, number, [string, string, string][]];
    return {
      totals: totals.map(([id, count, at]) => ({ id, count: Number(count), at: Number(at) })),
      to,
      more: more === 1,
    };
  }

  vectors(model: string, ids: readonly string[]): Promise<readonly (OfferedVector | undefined)[]> {
    return readVectors(this.#connection, model, ids);
  }

  offerVectors(model: string, vectors: readonly (OfferedVector & { readonly id: string })[]): Promise<void> {
    return offerVectors(this.#connection, model, vectors);
  }

  watch(position: () => Promise<number>, onChange: () => void, onReturn: () => void): Disposable {
    const follower = new LogFollower(
      // It waits for news that long before it is answered.
      this.#connection.newClient(BLOCK_MS),
      this.#key('operations'),
      position,
      onChange,
      onReturn,
      this.#options.logger,
    );
    this.#followers.add(follower);
    return {
      [Symbol.dispose]: () => {
        this.#followers.delete(follower);
        follower[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    for (const follower of this.#followers) follower[Symbol.dispose]();
    this.#followers.clear();
  }

  /** What was read is from now on kept whatever dies: a replica has it, if one would take the place of the primary. */
  async #confirm(): Promise<void> {
    // WAIT speaks of what its own connection has written.
    if (await this.#connection.isReplicated())
      await this.#confirmed('set', this.#key('operations:confirmed'), '1');
  }

  /**
   * A command whose change counts once a replica has it, where one would take the place of the primary. Rejects with `unavailable` when
   * none says so in time: the change may be there all the same, and is known by its id then. Nobody applies what a failover can take
   * away, and its writer's outbox keeps it.
   */
  async #confirmed(command: string, ...args: readonly Argument[]): Promise<unknown> {
    const { options } = this.#connection;
    const replicated = await this.#connection.isReplicated();
    const replies = await this.#connection.ask(client => {
      const pipeline = client.pipeline();
      (pipeline as unknown as Record<string, (...args: readonly Argument[]) => unknown>)[command]!(...args);
      if (replicated) pipeline.wait(1, Math.floor(options.deadlineMs / 2));
      return pipeline.exec().then(withoutErrors);
    });
    const [reply, replicas] = replies;
    if (!replicated || (replicas as number) > 0) return reply;
    throw new MemoryError(
      'unavailable',
      `No replica of ${this.address} confirmed the change.`,
      'See that a replica is connected to the primary; the change waits here until then.',
    );
  }

  #argumentsOf({ concealed, entry, memoryId, state, replaced }: Change): (string | number)[] {
    const place = placeOf(memoryId);
    const memory = this.#key(`memory:${place}`);
    const fields = Object.entries(state);
    const hidden = state['sensitive'] === '1' || state['deleted_at'] !== undefined;
    const anew = (concealed ?? []).map(([id, sealed]) => [mark('id', id), sealed]);
    return [
      ...[entry, place, memory, `${memory}:versions`],
      ...[concealed ? 'conceal' : hidden ? 'drop' : 'keep', mark('memory_id', memoryId)],
      ...[anew.length, ...anew.flat()],
      ...[fields.length, ...fields.flat()],
      ...[replaced.length, ...replaced.flat()],
    ];
  }

  #key(name: string): string {
    return this.#connection.key(name);
  }
}

function withoutErrors(replies: readonly [Error | null, unknown][] | null): readonly unknown[] {
  const failed = replies?.find(([error]) => error);
  if (failed) throw failed[0]!;
  return (replies ?? []).map(([, reply]) => reply);
}

/** How an entry says it. */
function mark(name: string, value: string): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function entriesOf(found: Entries): LogEntry[] {
  return found.map(([id, [, entry]]) => ({ position: Number.parseInt(id, 10), entry }));
}

/** A gap is what is no longer kept: of that only the outcome is known. */
function hasGap(entries: readonly LogEntry[], position: number): boolean {
  return entries.some((entry, i) => entry.position !== position + 1 + i);
}

function wentBack(address: string, position: number, head: number): MemoryError {
  return new MemoryError(
    'conflict',
    `The log of ${address} went back from ${position} to ${head}: it has lost changes that this machine has seen.`,
    'Restore a newer copy of its data; or export, start anew and import on this machine, as docs/operations.md says.',
  );
}
