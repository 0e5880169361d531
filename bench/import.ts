import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtProgram } from '../test/fixtures/builtPrograms.ts';
import { temporaryFolder } from '../test/fixtures/temporaryFolder.ts';
import type { BenchResult } from './benchResult.ts';
import { shortNotes } from './corpus.ts';

const COUNT = 10_000;
const LEAST = 400;

/** `memory-central import --wait` of a memory file of MCP's reference server, a sentence each: read, checked for secrets, stored, embedded, and the process's start. */
export async function importBench(): Promise<BenchResult[]> {
  await using home = await temporaryFolder();
  const file = join(home.path, 'notes.jsonl');
  const lines = Array.from(shortNotes(COUNT), (note, i) =>
    JSON.stringify({ type: 'entity', name: `note ${i}`, entityType: 'note', observations: [note] }),
  );
  await writeFile(file, lines.join('\n'));
  const began = performance.now();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [await builtProgram('cli'), 'import', 'mcp-memory', file, '--wait', '--json'],
    { cwd: home.path, env: { ...process.env, MEMORY_CENTRAL_HOME: home.path, MEMORY_NAMESPACE: 'bench' } },
  );
  const seconds = (performance.now() - began) / 1000;
  const { added } = JSON.parse(stdout) as { added: number };
  if (added !== COUNT) throw new Error(`${added} of ${COUNT} notes were added: ${stdout}`);
  return [
    {
      name: `import of ${COUNT} notes of 8 to 25 words, embedded`,
      value: COUNT / seconds,
      unit: '1/s',
      target: `>= ${LEAST}`,
      met: COUNT / seconds >= LEAST,
    },
  ];
}
