import { Command, Option } from 'commander';
import { MemoryError } from '../../../engine/errors.ts';
import { MIGRATION_STORES, type Migrated, type MigrationStore } from '../cliHost.ts';
import { leftFix, leftText } from '../leftBehind.ts';
import { ProgressLine } from '../progressLine.ts';
import type { RunCommand } from '../runCommand.ts';
import type { Session } from '../session.ts';

/** `migrate --from … --to …`: every memory to the other store; 1 when the two differ afterwards. */
export function migrateCommand(run: RunCommand): Command {
  const option = (name: string, what: string) =>
    new Option(`--${name} <store>`, what).choices(MIGRATION_STORES).makeOptionMandatory();
  return new Command('migrate')
    .summary('Copy every memory to the central Redis, or from it')
    .description(
      'Copy every memory, with its id, times, counts and old versions, between the store of this machine and the central Redis, ' +
        'then compare both. A second run adds nothing. Ends with 1 when the two differ.',
    )
    .addOption(option('from', 'where the memories are'))
    .addOption(option('to', 'where they go'))
    .action(
      run(async (session, { options }) => {
        const [from, to] = [options['from'], options['to']] as [MigrationStore, MigrationStore];
        check(session, from, to);
        const report = await migrated(session, from);
        const same = report.from.checksum === report.to.checksum;
        session.print(
          { ...report, same },
          session.quiet ? '' : [textOf(report, to), ...leftOf(report)].join('\n'),
        );
        return same ? 0 : 1;
      }),
    );
}

function check(session: Session, from: MigrationStore, to: MigrationStore): void {
  if (from === to)
    throw new MemoryError('invalid_input', `--from and --to are both ${from}.`, 'Name one store each.');
  if (session.namespace !== undefined)
    throw new MemoryError(
      'invalid_input',
      'A migration takes every namespace.',
      'Leave --namespace out; `export` and `import` take one.',
    );
}

async function migrated(session: Session, from: MigrationStore): Promise<Migrated> {
  using line = new ProgressLine(session.streams.stderr, session.quiet || session.json);
  return await session.host.migrate(session.runtime, {
    from,
    signal: session.signal,
    onProgress: (done, total) => line.show({ done, total }),
  });
}

function leftOf({ left }: Migrated): readonly string[] {
  const many = leftText(left);
  return many === undefined ? [] : [`${many} stay where they are: ${leftFix(left)}.`];
}

function textOf({ added, known, problems, from, to: there, differing }: Migrated, to: string): string {
  const counts = `${added} copied to ${to}, ${known} were there, ${problems.length} could not be copied.`;
  if (from.checksum === there.checksum)
    return `${counts}\nBoth hold the same ${from.count}: ${from.checksum}`;
  return [
    counts,
    ...problems.map(({ id, reason }) => `  ${id}: ${reason}`),
    `They differ: ${from.count} here (${from.checksum}), ${there.count} of them there (${there.checksum}).`,
    `Another there, or missing: ${differing.join(', ')}`,
  ].join('\n');
}
