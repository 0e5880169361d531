import { type Observability, openObservability } from './observability/observability.ts';
import { openTracing, traceFields } from './observability/openTracing.ts';
import { serveMetrics } from './observability/serveMetrics.ts';
import { openJobQueue } from './openJobQueue.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { version } from './version.ts';

/**
 * Runs a program that operators watch: with traces, metrics, a port for these where the settings name one, and the queue of jobs. All is closed when `run` is over.
 * @param program as traces name it @param overrides settings that the command line gave
 */
export async function observed(
  program: string,
  overrides: Readonly<Record<string, unknown>>,
  run: (runtime: Runtime, observability: Observability) => Promise<void>,
): Promise<void> {
  await using tracing = await openTracing(program, version());
  await using runtime = createRuntime(overrides, {
    instruments: async () => observability.instruments,
    logFields: () => traceFields(tracing),
    jobs: openJobQueue,
  });
  const { settings, logger } = runtime;
  await using observability = await openObservability({
    settings,
    logger,
    tracing,
    engine: () => runtime.engine(),
  });
  await using _metrics = await serveMetrics(observability, settings);
  await run(runtime, observability);
}
