import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Lines of a UTF-8 file with their numbers from 1, one at a time; empty ones left out. */
export async function* readLines(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly line: string; readonly number: number }> {
  const input = createReadStream(path, { encoding: 'utf8', ...(signal && { signal }) });
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (line.trim() !== '') yield { line: number === 1 ? line.replace(/^\uFEFF/, '') : line, number };
    }
  } finally {
    input.destroy();
  }
}
