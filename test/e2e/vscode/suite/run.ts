import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Runs in the extension host: Mocha over all suites, one line a test to the file that SUITE_RESULTS names. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, forbidOnly: true, forbidPending: true });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./activation.suite.ts');
  await import('./tools.suite.ts');
  await import('./meaning.suite.ts');
  await import('./documents.suite.ts');
  await import('./participant.suite.ts');
  await import('./agent.suite.ts');
  await import('./mcp.suite.ts');
  const lines: string[] = [];
  const failures = await new Promise<number>(resolve => {
    mocha
      .run(resolve)
      .on('pass', test => lines.push(`passed ${test.fullTitle()}`))
      .on('fail', (test, error) =>
        lines.push(
          `failed ${test.fullTitle()}: ${String(error.stack ?? error.message)
            .split('\n')
            .slice(0, 6)
            .join('\n')}`,
        ),
      );
  });
  writeFileSync(process.env['SUITE_RESULTS']!, `${lines.join('\n')}\n`);
  if (failures > 0) throw new Error(`${failures} failed`);
}
