import type { Settings } from '../../config/settings.ts';
import { type MetricsServer, startMetricsServer } from '../../surfaces/http/metricsServer.ts';
import type { Observability } from './observability.ts';

/** `/metrics` on a port of its own, where the settings ask for one. */
export async function serveMetrics(
  observability: Observability,
  settings: Settings,
): Promise<MetricsServer | undefined> {
  const port = settings['metrics.port'];
  if (port === 0) return undefined;
  return startMetricsServer(() => observability.scrape(), settings['metrics.host'], port);
}
