import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  COPILOT_INSTRUCTIONS,
  INSTRUCTIONS_PATH,
} from '../../../src/surfaces/editor/chat/copilotInstructions.ts';

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

/**
 * A sample workspace with our instructions for Copilot in it. They are there before a window is, as in a project that
 * was cloned: what appears later the editor often finds late.
 */
export async function instructedWorkspace(folder: string): Promise<string> {
  const workspace = await sampleWorkspace(folder);
  const instructions = join(workspace, INSTRUCTIONS_PATH);
  await mkdir(dirname(instructions), { recursive: true });
  await writeFile(instructions, COPILOT_INSTRUCTIONS);
  return workspace;
}
