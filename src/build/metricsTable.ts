import { METRICS, type MetricDefinition } from '../adapters/prometheus/metricDefinitions.ts';

const TABLE = /\| metric \|[^\n]*\n(?:\|[^\n]*\n)*/;
const KINDS: Readonly<Record<MetricDefinition['kind'], string>> = {
  histogram: 'histogram',
  counter: 'counter',
  reading: 'counter',
  gauge: 'gauge',
};

/** The page on monitoring with every metric as it is defined. @param page as it was written by hand, with a table of metrics */
export function withMetricsTable(page: string): string {
  if (!TABLE.test(page)) throw new Error('docs/monitoring.md has no table of metrics.');
  const rows = Object.values<MetricDefinition>(METRICS).map(
    ({ help, kind, labels, name }) =>
      `| \`${name}\` | ${KINDS[kind]} | ${labels.map(label => `\`${label}\``).join(' ')} | ${help} |`,
  );
  return page.replace(
    TABLE,
    () => `${['| metric | kind | labels | |', '|---|---|---|---|', ...rows].join('\n')}\n`,
  );
}
