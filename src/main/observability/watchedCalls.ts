import type { PrometheusMetrics } from '../../adapters/prometheus/prometheusMetrics.ts';
import type { MemoryError } from '../../engine/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Tracing } from '../../engine/ports/tracing.ts';
import type { CallTool } from '../../tools/callTool.ts';
import { findTool } from '../../tools/registry.ts';

/** The same tools, each call traced, measured and logged: which tool and how it ended, never what was said. */
export function watchedCalls(
  call: CallTool,
  surface: string,
  metrics: PrometheusMetrics,
  tracing: Tracing,
  logger: Logger,
): CallTool {
  return async (name, input, caller, options) => {
    const tool = findTool(name)?.name ?? 'unknown';
    const began = performance.now();
    let outcome = 'ok';
    try {
      return await tracing.step(`tool ${tool}`, { 'memory_central.tool.name': tool }, () =>
        call(name, input, caller, options),
      );
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      const ms = performance.now() - began;
      metrics.took('toolSeconds', ms / 1000, tool, surface);
      metrics.count('toolCalls', 1, tool, surface, outcome);
      logger.info('tool', { tool, surface, outcome, ms: Math.round(ms * 100) / 100 });
    }
  };
}

/** The code of a refusal, or `internal` for a bug. By its name: what is loaded late may have a class of its own. */
export function outcomeOf(error: unknown): string {
  const { code, name } = error as Partial<MemoryError>;
  if ((name as string) === 'AbortError') return 'cancelled';
  return name === 'MemoryError' && code !== undefined ? code : 'internal';
}
