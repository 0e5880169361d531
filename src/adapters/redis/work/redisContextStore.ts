import { foreignContext, takenContext, unknownContext } from '../../../engine/contexts/contextRefusals.ts';
import { mayRead, receives } from '../../../engine/contexts/mayRead.ts';
import { readerKeys, readersOf } from '../../../engine/contexts/readers.ts';
import { checkTexts } from '../../../engine/memories/checkTexts.ts';
import type { Viewer } from '../../../engine/model/caller.ts';
import type { NewContext, SharedContext } from '../../../engine/model/context.ts';
import type { Span } from '../../../engine/model/span.ts';
import type { ContextFilter, ContextStore } from '../../../engine/ports/contextStore.ts';
import { fieldsOf } from '../records/fields.ts';
import type { RecordSpace } from '../records/recordSpace.ts';
import { toContext, toContextFields } from './contextFields.ts';
import { refOf, spacesOf } from './refs.ts';
import { type TogetherScript, togetherScripts } from './togetherScripts.ts';
import { WorkScripts } from './workScripts.ts';

/** So many are read at once. */
const BATCH = 50;

/** One that was read, and the text of its time: what changes it makes sure that it is still the same. */
interface Found {
  readonly context: SharedContext;
  readonly ref: string;
  readonly createdAt: string;
}

/**
 * HASH `context:{ref}`, ZSET `contexts:readers:{space}:{reader}` and `contexts:ends`, SET `contexts:namespaces`. The indexes only find:
 * whether a viewer may read is asked of each context that was read. @see docs/redis-schema.md, "Shared contexts"
 */
export class RedisContextStore implements ContextStore {
  readonly #scripts: WorkScripts<TogetherScript<'contexts'>>;

  constructor(space: RecordSpace) {
    this.#scripts = new WorkScripts(space, togetherScripts('contexts'));
  }

  async share(context: NewContext): Promise<SharedContext> {
    checkTexts('A context', context);
    const ends = context.expiresAt === null ? '' : (context.expiresAt / 1000).toFixed(3);
    const createdAt = (await this.#scripts.change(
      'shareContext',
      ...[refOf(context), ends, context.from, JSON.stringify(readersOf(context))],
      ...toContextFields(context),
    )) as number | null;
    if (createdAt === null) throw takenContext(context.id);
    return { ...context, createdAt, acknowledged: [] };
  }

  async list(
    filter: ContextFilter,
    viewer: Viewer,
    { limit, offset }: Span,
  ): Promise<readonly SharedContext[]> {
    const refs = await this.#find(filter, viewer);
    const matching: SharedContext[] = [];
    for (let i = 0; i < refs.length && matching.length < offset + limit; i += BATCH) {
      const found = await this.#read(refs.slice(i, i + BATCH), context => mayRead(context, viewer));
      matching.push(...found.map(({ context }) => context).filter(context => matches(context, filter)));
    }
    return matching.slice(offset, offset + limit);
  }

  async revoke(namespace: string, id: string, viewer: Viewer): Promise<void> {
    const [found] = await this.#read([refOf({ namespace, id })], context => mayRead(context, viewer));
    if (!found) throw unknownContext(id);
    if (found.context.owner !== viewer.principal) throw foreignContext(id);
    const args = [found.ref, found.createdAt, found.context.from];
    if ((await this.#scripts.change('revokeContext', ...args)) === 0) throw unknownContext(id);
  }

  async acknowledge(namespace: string, ids: readonly string[], viewer: Viewer): Promise<number> {
    const refs = [...new Set(ids)].map(id => refOf({ namespace, id }));
    let acknowledged = 0;
    for (let i = 0; i < refs.length; i += BATCH) {
      const found = await this.#read(refs.slice(i, i + BATCH), context => receives(context, viewer));
      if (found.length === 0) continue;
      const pairs = found.flatMap(({ ref, createdAt }) => [ref, createdAt]);
      acknowledged += (await this.#scripts.change(
        'acknowledgeContexts',
        viewer.principal,
        ...pairs,
      )) as number;
    }
    return acknowledged;
  }

  async purge(limit: number): Promise<number> {
    return (await this.#scripts.change('purgeContexts', limit)) as number;
  }

  /** What the indexes list for the viewer, newest first. */
  async #find(filter: ContextFilter, viewer: Viewer): Promise<readonly string[]> {
    const { namespaces, ids, memoryId, topic, unacknowledgedBy = '' } = filter;
    const spaces = namespaces && spacesOf(namespaces);
    const flat = (await this.#scripts.ask(
      'findContexts',
      ...[memoryId === undefined ? '' : JSON.stringify(memoryId), topic === undefined ? '' : `=${topic}`],
      ...[unacknowledgedBy, ...(spaces ? [spaces.length, ...spaces] : [''])],
      ...readerKeys(viewer),
    )) as readonly string[];
    const scores = new Map<string, number>();
    for (let i = 0; i < flat.length; i += 2) scores.set(flat[i]!, Number(flat[i + 1]));
    const wanted = ids && new Set(ids);
    return [...scores]
      .filter(([ref]) => !wanted || wanted.has(ref.slice(ref.indexOf(':') + 1)))
      .sort(([a, atA], [b, atB]) => atB - atA || (a < b ? 1 : -1))
      .map(([ref]) => ref);
  }

  /** Those that are there, live, and allowed to be seen. */
  async #read(
    refs: readonly string[],
    allowed: (context: SharedContext) => boolean,
  ): Promise<readonly Found[]> {
    const found = (await this.#scripts.ask('readContexts', ...refs)) as readonly (readonly string[])[];
    return found.flatMap((flat, i) => {
      const fields = fieldsOf(flat);
      const context = toContext(fields);
      return context && allowed(context)
        ? [{ context, ref: refs[i]!, createdAt: fields['created_at']! }]
        : [];
    });
  }
}

function matches(
  context: SharedContext,
  { withAgent, topic, memoryId, unacknowledgedBy }: ContextFilter,
): boolean {
  const { from, to, acknowledged } = context;
  return (
    (topic === undefined || context.topic === topic) &&
    (memoryId === undefined || context.session !== null || context.memoryIds.includes(memoryId)) &&
    (withAgent === undefined ||
      from === withAgent ||
      to.some(receiver => receiver.kind === 'agent' && receiver.id === withAgent)) &&
    !acknowledged.some(({ by }) => by === unacknowledgedBy)
  );
}
