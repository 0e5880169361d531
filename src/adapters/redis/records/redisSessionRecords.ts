import {
  type NewSession,
  SESSION_TTL_MS,
  type SessionRecord,
  type SessionRecords,
} from '../../../engine/ports/sessionRecords.ts';
import { checkLimit, checkList, checkName } from '../../../engine/records/checkRecord.ts';
import { type Fields, listOf, timeOf } from './fields.ts';
import type { RecordSpace } from './recordSpace.ts';

const RECENT = 'sessions:recent';

/** HASH `session:{id}`, ZSET `sessions:recent` and `user:{username}:sessions`. */
export class RedisSessionRecords implements SessionRecords {
  readonly #space: RecordSpace;

  constructor(space: RecordSpace) {
    this.#space = space;
  }

  async put(session: NewSession, username?: string): Promise<void> {
    checkName('The id of a session', session.id);
    checkList('The file', session.files);
    if (username !== undefined) checkName('A user name', username);
    const indexes = username === undefined ? [RECENT] : [RECENT, indexOf(username)];
    await this.#space.script(
      'putRecord',
      [keyOf(session.id), ...indexes].map(name => this.#space.key(name)),
      ...[session.id, SESSION_TTL_MS, 'timestamp'],
      ...['context', session.context, 'files', session.files.join(',')],
      ...['current_task', session.currentTask, 'last_tool', session.lastTool, 'node', session.node],
    );
  }

  async get(id: string): Promise<SessionRecord | undefined> {
    const [session] = await this.#read([id]);
    return session;
  }

  async recent(limit: number, username?: string): Promise<readonly SessionRecord[]> {
    checkLimit(limit);
    const index = username === undefined ? RECENT : indexOf(username);
    return this.#space.newest(index, limit, ids => this.#read(ids));
  }

  async remove(id: string): Promise<void> {
    const keys = [keyOf(id), RECENT].map(name => this.#space.key(name));
    await this.#space.script('removeRecord', keys, id);
  }

  async #read(ids: readonly string[]): Promise<readonly (SessionRecord | undefined)[]> {
    const found = await this.#space.batch(ids, (pipeline, id) =>
      pipeline.hgetall(this.#space.key(keyOf(id))),
    );
    return found.map((fields, i) => toSession(ids[i]!, fields as Fields));
  }
}

function keyOf(id: string): string {
  return `session:${id}`;
}

function indexOf(username: string): string {
  return `user:${username}:sessions`;
}

function toSession(id: string, fields: Fields): SessionRecord | undefined {
  if (Object.keys(fields).length === 0) return undefined;
  return {
    id,
    updatedAt: timeOf(fields['timestamp']),
    context: fields['context'] ?? '',
    files: listOf(fields['files']),
    currentTask: fields['current_task'] ?? '',
    lastTool: fields['last_tool'] ?? '',
    node: fields['node'] ?? '',
  };
}
