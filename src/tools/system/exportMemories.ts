import { z } from 'zod';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

export const exportMemories = defineTool({
  name: 'export_memories',
  title: 'Export memories',
  description:
    'Writes memories with every field to a file of JSON lines, which import_memories takes back as they were. Sensitive ones are readable in it.',
  effect: 'reads',
  set: 'memory',
  surfaces: ['editor', 'cli'],
  input: z.strictObject({
    path: z.string().min(1).max(4000).describe('The file to write'),
    versions: z.boolean().optional().describe('Old versions too'),
    overwrite: z.boolean().optional().describe('Replace the file'),
    without_locked: z
      .boolean()
      .optional()
      .describe('Go on without the sensitive memories whose key is not here; else it fails'),
    namespace: field.readNamespace,
  }),
  output: z.object({ path: z.string(), exported: z.number() }),
  async handle(
    { path, versions, overwrite, without_locked, namespace },
    { engine, caller, progress, signal },
  ) {
    const namespaces = readNamespaces(namespace, caller);
    let exported = 0;
    const lines = engine.transfer.export(
      namespaces ? { namespaces } : {},
      { versions: versions ?? false, withoutLocked: without_locked ?? false },
      caller,
      signal,
      (done, total) => {
        exported = done;
        progress({ done, total, message: `${done} of ${total} exported` });
      },
    );
    await engine.transfer.exportToFile(path, lines, { overwrite: overwrite ?? false });
    return { path, exported };
  },
  summarize: ({ path, exported }) => `Exported ${counted(exported, 'memory', 'memories')} to ${path}.`,
});
