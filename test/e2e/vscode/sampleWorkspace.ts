import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILES: Readonly<Record<string, string>> = {
  'README.md':
    '# Orders\n\nThe order service.\n\n## Retries\n\nPayments are retried five times with full jitter.\n',
  'docs/decisions.md':
    '# Decisions\n\n## Queue\n\nWe chose streams over lists, since lists lose unacknowledged work.\n',
  'src/retry.ts':
    'export const RETRIES = 5;\nexport function delay(attempt: number): number {\n  return Math.random() * 2 ** attempt * 100;\n}\n',
};

/** A small repository with a remote, one commit and some documentation. */
export async function sampleWorkspace(folder: string): Promise<string> {
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
  git('init', '--initial-branch', 'main');
  git('remote', 'add', 'origin', 'https://github.com/example/orders.git');
  git('add', '.');
  git('commit', '--message', 'Begin');
  return folder;
}
