import { once } from 'node:events';
import { resolve } from 'node:path';
import { Command } from 'commander';
import type { ExportOptions } from '../../../engine/export/exportMemories.ts';
import { readNamespaces } from '../../../engine/model/namespace.ts';
import { ProgressLine } from '../progressLine.ts';
import type { RunCommand } from '../runCommand.ts';
import type { Session } from '../session.ts';

/** `export [file]`: JSON lines with every field, to a file at once or to stdout as they come. */
export function exportCommand(run: RunCommand): Command {
  return new Command('export')
    .summary('Export memories as JSON lines')
    .description('Write memories with every field as JSON lines, which `import` takes back as they were.')
    .argument('[file]', 'where to; default, and -: stdout')
    .option('--versions', 'old versions too')
    .option('--overwrite', 'replace the file')
    .option('--without-locked', 'go on without the sensitive memories whose key is not here')
    .action(
      run(async (session, { args, options }) => {
        const file = args[0] as string | undefined;
        const versions = options['versions'] === true;
        const withoutLocked = options['withoutLocked'] === true;
        if (file === undefined || file === '-') return toStdout(session, { versions, withoutLocked });
        using line = new ProgressLine(session.streams.stderr, session.quiet || session.json);
        const result = await session.call(
          'export_memories',
          {
            path: resolve(session.host.cwd, file),
            versions,
            overwrite: options['overwrite'] === true,
            without_locked: withoutLocked,
            ...(session.namespace !== undefined && { namespace: session.namespace }),
          },
          report => line.show(report),
        );
        session.print(result.structured, session.quiet ? '' : result.text);
      }),
    );
}

async function toStdout(session: Session, options: ExportOptions): Promise<void> {
  const { stdout } = session.streams;
  const caller = session.caller();
  const namespaces = readNamespaces(session.namespace, caller);
  const engine = await session.engine();
  const filter = namespaces ? { namespaces } : {};
  for await (const line of engine.transfer.export(filter, options, caller, session.signal)) {
    if (!stdout.write(`${line}\n`)) await once(stdout, 'drain', { signal: session.signal });
  }
}
