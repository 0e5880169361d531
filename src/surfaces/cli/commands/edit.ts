import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { MemoryError } from '../../../engine/errors.ts';
import { decodeUtf8 } from '../decodeUtf8.ts';
import type { RunCommand } from '../runCommand.ts';
import type { Session } from '../session.ts';

/** `edit <id>`: the content in the editor of the user; saved as a new version, refused when it changed meanwhile. */
export function editCommand(run: RunCommand): Command {
  return new Command('edit')
    .summary('Edit a memory in $VISUAL or $EDITOR')
    .description('Edit a memory in $VISUAL or $EDITOR. Refused when somebody else changed it meanwhile.')
    .argument('<id>', 'id of the memory, which list and recall show')
    .action(
      run(async (session, { args }) => {
        const { structured: memory } = await session.call('retrieve_memory', { memory_id: args[0] });
        const before = String(memory['content']);
        const after = await editText(before, session);
        if (after === before) return session.print({ id: memory['id'], changed: false }, 'Unchanged.');
        const result = await session.call('update_memory', {
          memory_id: args[0],
          content: after,
          expected_version: memory['version'],
        });
        session.print({ ...result.structured, changed: true }, session.quiet ? '' : result.text);
      }),
    );
}

/** A final newline that the editor added is no change. */
async function editText(before: string, session: Session): Promise<string> {
  const { env } = session.streams;
  const editor = env['VISUAL'] || env['EDITOR'] || (process.platform === 'win32' ? 'notepad' : 'vi');
  // Only its owner can read the folder: a memory may be private.
  const folder = await mkdtemp(join(tmpdir(), 'memory-central-edit-'));
  try {
    const file = join(folder, 'memory.md');
    await writeFile(file, before, { mode: 0o600 });
    await runEditor(editor, file);
    const after = decodeUtf8(await readFile(file), 'The edited text');
    return before.endsWith('\n') ? after : after.replace(/\r?\n$/, '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** $EDITOR may hold arguments, such as `code --wait`, so the shell reads it; the file is handed over as an argument. */
async function runEditor(editor: string, file: string): Promise<void> {
  const child =
    process.platform === 'win32'
      ? spawn(`${editor} "${file}"`, { stdio: 'inherit', shell: true })
      : spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
  if (code !== 0) {
    throw new MemoryError(
      'cancelled',
      `The editor "${editor}" ended with ${code}; nothing was changed.`,
      'Set EDITOR to a program that opens a file and waits.',
    );
  }
}
