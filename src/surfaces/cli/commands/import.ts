import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { MemoryError } from '../../../engine/errors.ts';
import { isRedisUrl } from '../../../engine/import/isRedisUrl.ts';
import { IMPORT_KINDS } from '../../../engine/ports/importSource.ts';
import { withoutUndefined } from '../../../engine/withoutUndefined.ts';
import { ProgressLine } from '../progressLine.ts';
import type { RunCommand } from '../runCommand.ts';
import type { Session } from '../session.ts';
import { tellOfWaiting } from '../tellOfWaiting.ts';
import { parseNumber } from '../toolOptions.ts';

const POLL_MS = 200;

/** `import [kind] [path]`: once however often it runs. */
export function importCommand(run: RunCommand): Command {
  return new Command('import')
    .summary('Import Markdown, git history, other memories or an export')
    .description('Make memories of files. A second run adds nothing; what changed in the source is updated.')
    .argument('[kind]', `${IMPORT_KINDS.join(', ')}; default: known from the path`)
    .argument(
      '[path]',
      'a file, a folder, or redis://host:6379 of an agent memory server; default: the working directory',
    )
    .addOption(new Option('--kind <kind>', 'the same as the first argument').choices(IMPORT_KINDS))
    .option('--since <date>', 'only commits that are not older')
    .option('--max <number>', 'at most so many commits, the newest', text => parseNumber('--max', text))
    .option('--prune', 'forget what was removed from the source')
    .option('--dry-run', 'only say what would happen')
    .option('--wait', 'wait until every memory has its embedding')
    .action(
      run(async (session, { args, options }) => {
        const { kind, path } = whatOf(args as (string | undefined)[], options['kind'] as string | undefined);
        const result = await importAll(session, {
          path: isRedisUrl(path) ? path : resolve(session.host.cwd, path),
          kind,
          since: options['since'],
          max: options['max'],
          prune: options['prune'],
          dry_run: options['dryRun'],
          namespace: session.namespace,
          agent_id: session.agent,
        });
        session.print(result.structured, session.quiet ? '' : result.text);
        if (options['dryRun']) return;
        if (options['wait']) await embedded(session);
        else await tellOfWaiting(session, 'at once with --wait');
      }),
    );
}

/** A first argument that is the name of a kind is one, unless it is the only argument and a path. */
function whatOf([first, second]: (string | undefined)[], option: string | undefined) {
  const isKind = IMPORT_KINDS.some(kind => kind === first) && (second !== undefined || !existsSync(first!));
  if (!isKind && second !== undefined) {
    throw new MemoryError(
      'invalid_input',
      `"${first}" is no kind of import.`,
      `Use one of ${IMPORT_KINDS.join(', ')}, or name one path only.`,
    );
  }
  return { kind: option ?? (isKind ? first : undefined), path: (isKind ? second : first) ?? '.' };
}

async function importAll(session: Session, input: Record<string, unknown>) {
  using line = new ProgressLine(session.streams.stderr, session.quiet || session.json);
  return await session.call('import_memories', withoutUndefined(input), report => line.show(report));
}

/** Shows how the embedding gets on, until it is done or the user gives up. */
async function embedded(session: Session): Promise<void> {
  using line = new ProgressLine(session.streams.stderr, session.quiet || session.json);
  const engine = await session.engine();
  let most = 0;
  const show = async () => {
    const { pending } = (await engine.status()).embedding;
    most = Math.max(most, pending);
    line.show({ done: most - pending, total: most, message: `${most - pending} of ${most} embedded` });
  };
  const timer = line.shown ? setInterval(() => void show().catch(() => {}), POLL_MS) : undefined;
  try {
    await engine.settled(session.signal);
  } finally {
    clearInterval(timer);
  }
}
