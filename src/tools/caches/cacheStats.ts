import { z } from 'zod';
import type { CacheTally } from '../../engine/ports/cacheStore.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';

const looked = {
  entries: z.number(),
  hits: z.number(),
  misses: z.number(),
  hit_ratio: z.number().nullable().describe('0-1; null before the first look-up'),
};

export const cacheStats = defineTool({
  name: 'cache_stats',
  title: 'Cache statistics',
  description:
    'Tells what the shared caches hold and how often they had what was asked for, with memory, commands and clients of their server, and what this process keeps for itself.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({}),
  output: z.object({
    servers: z.array(
      z.object({
        location: z.string(),
        used_bytes: z.number(),
        max_bytes: z.number().describe('0: without a limit'),
        eviction: z.string(),
        commands_processed: z.number().optional(),
        connected_clients: z.number().optional(),
      }),
    ),
    caches: z.record(z.string(), z.object(looked)),
    tool_results: z.object({ hits: z.number(), misses: z.number(), hit_ratio: looked.hit_ratio }),
    process: z.object({
      caches: z.record(z.string(), z.object({ ...looked, bytes: z.number() })),
      failures: z.number().describe('Calls of the shared cache that failed or were not made'),
      unreadable: z.number().describe('Values that could not be read'),
      problem: z.string().optional().describe('Why the shared cache is not asked just now'),
    }),
  }),
  async handle(_, { engine }) {
    const [{ servers, tallies, inProcess, failures, unreadable, problem }, tools] = await Promise.all([
      engine.caches.statistics(),
      engine.records.toolResults.counts(),
    ]);
    const used = [...tools.values()].reduce(
      (sum, { hits, misses }) => ({ hits: sum.hits + hits, misses: sum.misses + misses }),
      { hits: 0, misses: 0 },
    );
    return {
      servers: servers.map(({ location, usedBytes, maxBytes, eviction, commands, clients }) => ({
        ...{ location, used_bytes: usedBytes, max_bytes: maxBytes, eviction },
        ...(commands !== undefined && { commands_processed: commands }),
        ...(clients !== undefined && { connected_clients: clients }),
      })),
      caches: Object.fromEntries([...tallies].map(([name, tally]) => [name, withRatio(tally)])),
      tool_results: { ...used, hit_ratio: ratioOf(used) },
      process: {
        caches: Object.fromEntries([...inProcess].map(([name, one]) => [name, withRatio(one)])),
        ...{ failures, unreadable },
        ...(problem !== undefined && { problem }),
      },
    };
  },
  summarize: ({ servers, caches, process }) =>
    [
      ...servers.map(
        one =>
          `${one.location}: ${megabytes(one.used_bytes)} MB ${one.max_bytes === 0 ? 'without a limit' : `of ${megabytes(one.max_bytes)}`}, ${one.eviction}` +
          (one.commands_processed === undefined
            ? ''
            : `, ${counted(one.commands_processed, 'command')}, ${counted(one.connected_clients ?? 0, 'client')}`),
      ),
      ...Object.entries(caches).map(([name, tally]) => line(name, tally)),
      ...Object.entries(process.caches).map(([name, tally]) => line(`${name} of this process`, tally)),
      ...(process.problem === undefined ? [] : [`not asked just now: ${process.problem}`]),
    ].join('\n') || 'No caches.',
});

function withRatio<T extends CacheTally>(tally: T): T & { hit_ratio: number | null } {
  return { ...tally, hit_ratio: ratioOf(tally) };
}

function ratioOf({ hits, misses }: { readonly hits: number; readonly misses: number }): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses);
}

function line(name: string, { entries, hits, hit_ratio }: z.infer<z.ZodObject<typeof looked>>): string {
  const share = hit_ratio === null ? 'never asked' : `${Math.round(100 * hit_ratio)} % hits (${hits})`;
  return `${name}: ${counted(entries, 'entry', 'entries')}, ${share}`;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
