import {
  type CacheCounts,
  type OperationKind,
  TOOL_RESULT_TTL_MS,
  type ToolCall,
  type ToolResultCache,
} from '../../../engine/ports/toolResultCache.ts';
import { checkCall } from '../../../engine/records/checkRecord.ts';
import { numberOf } from './fields.ts';
import { guard, type RecordSpace } from './recordSpace.ts';
import { scanKeys } from './scanKeys.ts';

const COUNTS = 'tool:stats';

/** STRING `tool:{tool}:{input_hash}` or `tool:{tool}:{path}:{input_hash}`, HASH `tool:stats`. */
export class RedisToolResultCache implements ToolResultCache {
  readonly #space: RecordSpace;

  constructor(space: RecordSpace) {
    this.#space = space;
  }

  async get(call: ToolCall): Promise<string | undefined> {
    checkCall(call);
    const keys = [keyOf(call), COUNTS].map(name => this.#space.key(name));
    return ((await this.#space.script('toolResult', keys, call.tool)) as string | null) ?? undefined;
  }

  async put(call: ToolCall, result: string, kind: OperationKind): Promise<void> {
    checkCall(call);
    guard(result);
    const key = this.#space.key(keyOf(call));
    await this.#space.ask(client => client.set(key, result, 'PX', TOOL_RESULT_TTL_MS[kind]));
  }

  async forget({ tool, path }: { tool?: string; path?: string } = {}): Promise<number> {
    const start = this.#space.key('tool:');
    // The name of a tool has no colon, nor has the hash: what is between them is the path.
    const matches = (key: string) => {
      const [, ofTool, ofPath] = /^([^:]+):(?:(.*):)?[^:]+$/s.exec(key.slice(start.length)) ?? [];
      return (
        ofTool !== undefined &&
        (tool === undefined || tool === ofTool) &&
        (path === undefined || path === ofPath)
      );
    };
    return this.#space.ask(async client => {
      let forgotten = 0;
      for await (const keys of scanKeys(client, start, tool === undefined ? undefined : `${tool}:`)) {
        const wanted = keys.filter(matches);
        if (wanted.length > 0) forgotten += await client.unlink(...wanted);
      }
      return forgotten;
    });
  }

  async counts(): Promise<ReadonlyMap<string, CacheCounts>> {
    const fields = await this.#space.ask(client => client.hgetall(this.#space.key(COUNTS)));
    const counts = new Map<string, CacheCounts>();
    for (const [name, count] of Object.entries(fields)) {
      const [, tool, what] = /^(.*):(hits|misses)$/s.exec(name) ?? [];
      if (tool === undefined) continue;
      counts.set(tool, { hits: 0, misses: 0, ...counts.get(tool), [what!]: numberOf(count) });
    }
    return counts;
  }
}

function keyOf({ tool, path = '', inputHash }: ToolCall): string {
  return path === '' ? `tool:${tool}:${inputHash}` : `tool:${tool}:${path}:${inputHash}`;
}
