import { createInterface } from 'node:readline/promises';
import { MemoryError } from '../../engine/errors.ts';
import type { Session } from './session.ts';

/**
 * Asks a person on a terminal; true only for a yes. Without a terminal it throws `invalid_input`, since silence is no consent.
 * @param yes the caller agreed beforehand, with --yes
 */
export async function confirm(question: string, yes: boolean, session: Session): Promise<boolean> {
  if (yes) return true;
  const { stdin, stderr } = session.streams;
  if (!stdin.isTTY || !stderr.isTTY || session.json) {
    throw new MemoryError(
      'invalid_input',
      `${question} There is no terminal to ask on; nothing was changed.`,
      'Repeat with --yes to agree, or with --dry-run to look only.',
    );
  }
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await Promise.race([
      lines.question(`${question} [y/N] `, { signal: session.signal }),
      // On a terminal the keys reach us instead of a signal: Ctrl-C cancels, Ctrl-D says nothing.
      new Promise<string>((resolve, reject) => {
        lines.once('close', () => resolve(''));
        lines.once('SIGINT', () => reject(stopped()));
      }),
    ]);
    return /^\s*(y|yes)\s*$/i.test(answer);
  } finally {
    lines.close();
  }
}

function stopped(): MemoryError {
  return new MemoryError('cancelled', 'The command was stopped.', 'Nothing was changed.');
}
