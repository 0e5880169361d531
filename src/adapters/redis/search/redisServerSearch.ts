import type { ChainableCommander } from 'ioredis';
import { MemoryError } from '../../../engine/errors.ts';
import type { IndexModel, ServerIndexReport } from '../../../engine/ports/memoryIndex.ts';
import type {
  CandidateQuery,
  Candidates,
  ChangedMemory,
  ProjectedMemory,
  SearchLease,
  ServerSearch,
} from '../../../engine/ports/serverSearch.ts';
import type { RedisConnection } from '../redisConnection.ts';
import { endpointOf } from '../redisEndpoint.ts';
import { script, scriptText } from '../scripts.ts';
import { byMeaning, byWords, type SearchArguments } from './candidateQueries.ts';
import { fieldsOf } from './documentFields.ts';
import { dropIndex, retiredNames } from './dropIndex.ts';
import { Frequencies } from './frequencies.ts';
import {
  createIndex,
  familyOf,
  indexInfo,
  indexNames,
  isIndexing,
  type ServerIndexNames,
  searchError,
} from './serverIndex.ts';

const LEASE_MS = 15_000;
/** How often the use of an index is noted; one that nobody uses for a day may go. */
const NOTED_MS = 60_000;
const PAGE = 500;
const STATE = 'memoryCentral_searchState';

type Reply = [Error | null, unknown];
type Callable = Record<string, (...args: readonly (string | number)[]) => ChainableCommander>;

/** Indexes of RediSearch (2.10 or newer) over hashes of their own, on one server and database 0. */
export class RedisServerSearch implements ServerSearch {
  readonly #connection: RedisConnection;
  readonly #lead: ReturnType<typeof script>;
  readonly #project: ReturnType<typeof script>;
  readonly #frequencies = new Frequencies();
  /** Names of indexes that were found whole since the server was last connected: after its start it reads their documents again. */
  readonly #whole = new Set<string>();
  #able = false;
  #watching = false;

  /** @param connection stays its owner's */
  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#lead = script(connection, 'searchLead', 1);
    this.#project = script(connection, 'searchProject', 2);
    connection.define(STATE, scriptText('searchState'), 2);
  }

  async problem(): Promise<MemoryError | undefined> {
    const { address, options } = this.#connection;
    const fix = 'Set search.place to process or auto, or give the memories a Redis of their own with Search.';
    if (options.clusterNodes.length > 0)
      return new MemoryError(
        'invalid_input',
        `${address} cannot search: a Cluster has no common index.`,
        fix,
      );
    if (endpointOf(options).db !== 0)
      return new MemoryError(
        'invalid_input',
        `${address} cannot search: RediSearch reads database 0 only.`,
        'Set REDIS_DB to 0, or search.place to process or auto.',
      );
    if (this.#able) return undefined;
    const refused = await this.#connection.ask(async client => {
      if (!this.#watching) client.on('close', () => this.#forget());
      this.#watching = true;
      try {
        await client.call('FT._LIST');
        return undefined;
      } catch (error) {
        const { message } = error as Error;
        if (/unknown command/i.test(message)) return 'has no Search: RediSearch 2.10 is not loaded';
        if (message.startsWith('NOPERM')) return 'does not let this user search (FT.*)';
        throw error;
      }
    });
    this.#able = refused === undefined;
    return this.#able ? undefined : new MemoryError('unavailable', `${address} ${refused}.`, fix);
  }

  async candidates(model: IndexModel | null, query: CandidateQuery): Promise<Candidates> {
    const problem = await this.problem();
    if (problem) throw problem;
    const names = indexNames(this.#connection, model);
    await this.#demandWhole(names);
    const vector = model && query.byMeaning > 0 ? query.vector : undefined;
    const searches = [
      ...(query.terms.length > 0 ? [byWords(query)] : []),
      ...(vector ? [byMeaning(query, vector, this.#frequencies.total(names.name, query))] : []),
    ];
    const missing = this.#frequencies.missing(names.name, query);
    // How far the index has come is asked first: what is written meanwhile is then found rather than missed.
    const [state, ...replies] = await this.#ask(pipeline => {
      const keys = [names.name, this.#connection.key('memories')];
      (pipeline as unknown as Callable)[STATE]!(...keys, NOTED_MS);
      for (const search of [...searches, ...missing.searches]) this.#search(pipeline, names, search);
    });
    const [open, behind] = state as [number, number];
    if (open !== 1) throw unfinished(this.#connection.address);
    missing.answer(replies.slice(searches.length).map(reply => (reply as [number])[0]));
    const ids = replies.slice(0, searches.length).map(reply => idsOf(reply, names));
    return {
      byWords: query.terms.length > 0 ? ids[0]! : [],
      byMeaning: vector ? ids.at(-1)! : [],
      ...this.#frequencies.of(names.name, query),
      behind,
    };
  }

  async lead(model: IndexModel | null, token: string): Promise<SearchLease | undefined> {
    const names = indexNames(this.#connection, model);
    const known = (await this.#lead(names.name, token, LEASE_MS)) as [number, number] | null;
    if (known === null) return undefined;
    if ((await this.#names()).includes(names.name))
      return { token, position: known[0], open: known[1] === 1 };
    // Whoever dropped it may have dropped its documents too.
    this.#whole.delete(names.name);
    await this.#connection.ask(async client => {
      await client.hdel(names.name, 'open', 'position');
      await client.sadd(this.#registry, names.name);
    });
    await createIndex(this.#connection, names, model);
    return { token, position: 0, open: false };
  }

  async release(model: IndexModel | null, token: string): Promise<void> {
    await this.#lead(indexNames(this.#connection, model).name, token, 0);
  }

  async changedAfter(position: number, limit: number): Promise<readonly ChangedMemory[]> {
    const found = await this.#connection.ask(client =>
      client.zrangebyscore(
        this.#connection.key('memories'),
        `(${position}`,
        '+inf',
        'WITHSCORES',
        'LIMIT',
        0,
        limit,
      ),
    );
    return found.flatMap((id, i) => (i % 2 === 0 ? [{ id, position: Number(found[i + 1]) }] : []));
  }

  async project(
    model: IndexModel | null,
    lease: SearchLease,
    memories: readonly ProjectedMemory[],
    position: number,
  ): Promise<boolean> {
    return this.#write(model, lease, memories, position, false);
  }

  async withoutVector(
    model: IndexModel | null,
    cursor: number,
  ): Promise<{ ids: readonly string[]; cursor: number }> {
    const { lacking } = indexNames(this.#connection, model);
    const [next, ids] = await this.#connection.ask(client => client.sscan(lacking, cursor, 'COUNT', PAGE));
    return { ids, cursor: Number(next) };
  }

  async open(model: IndexModel | null, lease: SearchLease): Promise<boolean> {
    const { name } = indexNames(this.#connection, model);
    const info = await indexInfo(this.#connection, name);
    return info !== undefined && !isIndexing(info) && this.#write(model, lease, [], lease.position, true);
  }

  async restart(model: IndexModel | null): Promise<void> {
    const { name } = indexNames(this.#connection, model);
    await this.#connection.ask(client => client.hset(name, 'position', 0));
  }

  async report(model: IndexModel | null): Promise<ServerIndexReport> {
    const { name } = indexNames(this.#connection, model);
    const info = await indexInfo(this.#connection, name);
    const [state] = await this.#ask(pipeline => {
      (pipeline as unknown as Callable)[STATE]!(name, this.#connection.key('memories'), NOTED_MS);
    });
    const [open, behind] = state as [number, number];
    const megabytes = Number(info?.get('total_index_memory_sz_mb') ?? 0);
    return {
      name,
      documents: Number(info?.get('num_docs') ?? 0),
      failures: Number(info?.get('hash_indexing_failures') ?? 0),
      behind,
      ready: open === 1 && info !== undefined && !isIndexing(info),
      bytes: Math.round((megabytes + Number(info?.get('vector_index_sz_mb') ?? 0)) * 2 ** 20),
    };
  }

  async retire(models: readonly (IndexModel | null)[]): Promise<readonly string[]> {
    const own = models.map(model => indexNames(this.#connection, model).name);
    const names = await retiredNames(this.#connection, this.#registry, own);
    for (const name of names) await dropIndex(this.#connection, this.#registry, name);
    return names;
  }

  async dropAll(): Promise<readonly string[]> {
    const problem = await this.problem();
    if (problem) throw problem;
    const names = await this.#connection.ask(async client => [
      ...(await client.smembers(this.#registry)),
      ...(await this.#names()).filter(name => name.startsWith(familyOf(this.#connection))),
    ]);
    const all = [...new Set(names)].sort();
    for (const name of all) await dropIndex(this.#connection, this.#registry, name);
    this.#forget();
    return all;
  }

  /** Of all indexes there: FT.INFO tells more of one, but takes the server some milliseconds. */
  async #names(): Promise<readonly string[]> {
    return this.#connection.ask(async client => (await client.call('FT._LIST')) as string[]);
  }

  get #registry(): string {
    return this.#connection.key('search:indexes');
  }

  #forget(): void {
    this.#able = false;
    this.#whole.clear();
  }

  async #demandWhole({ name }: ServerIndexNames): Promise<void> {
    if (this.#whole.has(name)) return;
    const info = await indexInfo(this.#connection, name);
    if (!info || isIndexing(info)) throw unfinished(this.#connection.address, info?.get('percent_indexed'));
    this.#whole.add(name);
  }

  async #write(
    model: IndexModel | null,
    { token, position: from }: SearchLease,
    memories: readonly ProjectedMemory[],
    position: number,
    open: boolean,
  ): Promise<boolean> {
    const { documents, lacking, name } = indexNames(this.#connection, model);
    const written = await this.#project(
      ...[name, lacking, token, LEASE_MS, from, position, open ? 1 : 0, documents],
      ...memories.flatMap(memory => {
        if ('gone' in memory) return [memory.id, 0, 0];
        const fields = fieldsOf(memory);
        return [memory.id, model && !memory.vector ? 1 : 0, fields.length, ...fields];
      }),
    );
    return written === 1;
  }

  #search(pipeline: ChainableCommander, { name }: ServerIndexNames, search: SearchArguments): void {
    const limit = ['TIMEOUT', this.#connection.options.deadlineMs];
    pipeline.call('FT.SEARCH', name, ...search, ...limit);
  }

  /** The replies, in order; the first that failed rejects. */
  async #ask(fill: (pipeline: ChainableCommander) => void): Promise<unknown[]> {
    return this.#connection.ask(async client => {
      const pipeline = client.pipeline();
      fill(pipeline);
      return ((await pipeline.exec()) as Reply[]).map(([error, reply]) => {
        if (!error) return reply;
        this.#whole.clear();
        throw searchError(error, this.#connection.address);
      });
    });
  }
}

function idsOf(reply: unknown, { documents }: ServerIndexNames): readonly string[] {
  return (reply as [number, ...string[]]).slice(1).map(key => String(key).slice(documents.length));
}

function unfinished(address: string, share?: string): MemoryError {
  const done = share === undefined ? '' : ` (${Math.floor(100 * Number(share))} % done)`;
  return new MemoryError(
    'unavailable',
    `The search index on ${address} is being built${done}.`,
    'It is built by itself; until then this machine searches.',
  );
}
