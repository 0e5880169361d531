import { spawn } from 'node:child_process';
import { MemoryError } from '../../engine/errors.ts';

/** What a repository's own configuration may not do here: run programs, or change what is printed. */
const SAFE = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'log.showSignature=false',
  '-c',
  'core.quotePath=false',
];

/**
 * The records that a git command prints, split at NUL (it is to be called with `-z`), as they come.
 * Throws `unavailable` when git is not there or fails.
 */
export async function* gitRecords(
  folder: string,
  args: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const child = spawn('git', ['-C', folder, ...SAFE, '--no-pager', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    signal,
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  ended.catch(() => {});
  let rest = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    const records = (rest + (chunk as string)).split('\0');
    rest = records.pop()!;
    yield* records;
  }
  if (rest !== '') yield rest;
  const code = await ended.catch(error => {
    signal.throwIfAborted();
    throw failed((error as Error).message, error);
  });
  if (code !== 0) throw failed(complaint.trim() || `it ended with ${code}`);
}

function failed(why: string, cause?: unknown): MemoryError {
  return new MemoryError(
    'unavailable',
    `git could not be asked: ${why}`,
    'Install git, or import with --kind markdown.',
    { cause },
  );
}
