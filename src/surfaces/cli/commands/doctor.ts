import { Command } from 'commander';
import { checkClients } from '../doctor/checkClients.ts';
import { checkEngine } from '../doctor/checkEngine.ts';
import type { Finding } from '../doctor/finding.ts';
import type { RunCommand } from '../runCommand.ts';
import type { Session } from '../session.ts';

const SIGNS = { ok: ['green', '✔'], warn: ['yellow', '!'], fail: ['red', '✘'] } as const;

/** `doctor`: checks everything a memory needs by using it; 1 when something fails. */
export function doctorCommand(run: RunCommand): Command {
  return new Command('doctor')
    .summary('Check the store, the model, the index and the clients')
    .description(
      'Check everything that the memory needs, and say what to do. Ends with 1 when a check fails.',
    )
    .action(
      run(async session => {
        const findings: Finding[] = [];
        for await (const finding of checks(session)) {
          session.signal.throwIfAborted();
          findings.push(finding);
          if (!session.json) session.print(undefined, line(finding, session));
        }
        const count = (level: Finding['level']) => findings.filter(one => one.level === level).length;
        const counts = { ok: count('ok'), warnings: count('warn'), failures: count('fail') };
        session.print(
          { ...counts, checks: findings },
          `${counts.ok} ok, ${counted(counts.warnings, 'warning')}, ${counted(counts.failures, 'failure')}`,
        );
        return counts.failures > 0 ? 1 : 0;
      }),
    );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

async function* checks(session: Session): AsyncGenerator<Finding> {
  yield* session.host.checkMachine(session.runtime);
  yield* checkEngine(session);
  yield* checkClients(session);
}

function line({ check, level, message, fix }: Finding, { style }: Session): string {
  const [colour, sign] = SIGNS[level];
  const text = `${style(colour, sign)} ${style('bold', check.padEnd(10))} ${message}`;
  return fix === undefined
    ? text
    : `${text}\n             ${style('dim', `→ ${fix.replaceAll('\n', `\n${''.padEnd(15)}`)}`)}`;
}
