import { LEARNING_GROUPS, type LearningGroup } from '../../../engine/model/learningGroups.ts';
import {
  LEARNING_MAX_AGE_MS,
  LEARNING_MAX_ENTRIES,
  type LearningEntry,
  type LearningQueue,
  type LearningQueueSize,
  type QueuedEntry,
} from '../../../engine/ports/learningQueue.ts';
import { checkAmount, checkLimit, checkName } from '../../../engine/records/checkRecord.ts';
import { checkEntryId } from './checkEntryId.ts';
import { fieldsOf, numberOf, timeOfEntry, truthOf } from './fields.ts';
import type { RecordSpace } from './recordSpace.ts';

type Entry = readonly [id: string, fields: readonly string[] | null];

/** STREAM `learning:queue` with its two groups. */
export class RedisLearningQueue implements LearningQueue {
  readonly #space: RecordSpace;
  readonly #key: string;

  constructor(space: RecordSpace) {
    this.#space = space;
    this.#key = space.key('learning:queue');
  }

  async append(entries: readonly LearningEntry[]): Promise<readonly string[]> {
    for (const { durationMs } of entries) checkAmount('A duration', durationMs, { whole: true });
    const ids = await this.#space.scripts(
      entries.map(entry => [
        'appendLearning',
        [this.#key],
        [LEARNING_MAX_AGE_MS, ...LEARNING_GROUPS, LEARNING_MAX_ENTRIES, ...toFields(entry)],
      ]),
    );
    return ids as string[];
  }

  async read(group: LearningGroup, consumer: string, count: number): Promise<readonly QueuedEntry[]> {
    checkName('A consumer', consumer);
    checkLimit(count);
    await this.#tend();
    const found = await this.#space.ask(client =>
      client.xreadgroup('GROUP', group, consumer, 'COUNT', count, 'STREAMS', this.#key, '>'),
    );
    return (found?.[0]?.[1] ?? []).flatMap(toQueued);
  }

  async acknowledge(group: LearningGroup, ids: readonly string[]): Promise<number> {
    for (const id of ids) checkEntryId(id);
    if (ids.length === 0) return 0;
    return this.#space.ask(client => client.xack(this.#key, group, ...ids));
  }

  async claim(
    group: LearningGroup,
    consumer: string,
    idleMs: number,
    count: number,
  ): Promise<readonly QueuedEntry[]> {
    checkName('A consumer', consumer);
    checkAmount('The idle time', idleMs, { whole: true });
    checkLimit(count);
    await this.#tend();
    const claimed: QueuedEntry[] = [];
    let cursor = '0-0';
    do {
      const left = count - claimed.length;
      const [next, entries] = (await this.#space.ask(client =>
        client.xautoclaim(this.#key, group, consumer, idleMs, cursor, 'COUNT', left),
      )) as [string, Entry[]];
      claimed.push(...entries.flatMap(toQueued));
      cursor = next;
    } while (cursor !== '0-0' && claimed.length < count);
    return claimed;
  }

  async size(): Promise<LearningQueueSize> {
    await this.#tend();
    const entries = await this.#space.ask(client => client.xlen(this.#key));
    const pending = await this.#space.batch(LEARNING_GROUPS, (pipeline, group) =>
      pipeline.xpending(this.#key, group),
    );
    const counts = pending.map(summary => (summary as [number])[0]);
    return {
      entries,
      pending: Object.fromEntries(LEARNING_GROUPS.map((group, i) => [group, counts[i]!])) as Record<
        LearningGroup,
        number
      >,
    };
  }

  /** Both groups are there afterwards, and nothing that is too old. */
  async #tend(): Promise<void> {
    await this.#space.script('tendLearning', [this.#key], LEARNING_MAX_AGE_MS, ...LEARNING_GROUPS);
  }
}

function toFields(entry: LearningEntry): readonly (string | number)[] {
  return [
    ...['session_id', entry.sessionId, 'user_query', entry.userQuery, 'tool_used', entry.toolUsed],
    ...['tool_args', entry.toolArgs, 'result', entry.result, 'success', String(entry.success)],
    ...['duration_ms', entry.durationMs, 'node', entry.node],
  ];
}

/** Nothing for an entry that was pending and is no longer kept. */
function toQueued([id, flat]: Entry): readonly QueuedEntry[] {
  if (flat === null) return [];
  const fields = fieldsOf(flat);
  return [
    {
      id,
      at: timeOfEntry(id),
      sessionId: fields['session_id'] ?? '',
      userQuery: fields['user_query'] ?? '',
      toolUsed: fields['tool_used'] ?? '',
      toolArgs: fields['tool_args'] ?? '',
      result: fields['result'] ?? '',
      success: truthOf(fields['success']),
      durationMs: numberOf(fields['duration_ms']),
      node: fields['node'] ?? '',
    },
  ];
}
