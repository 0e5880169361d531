import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { MemoryError } from '../engine/errors.ts';

/**
 * The settings of a TOML file by their full names: `[mcp] port = 5` is `mcp.port`. Throws `unavailable` for a file that cannot be read,
 * `invalid_input` for one that is no TOML.
 */
export function readToml(file: string): readonly [name: string, value: unknown][] {
  const text = readText(file);
  try {
    return flatten(parse(text));
  } catch (error) {
    throw new MemoryError(
      'invalid_input',
      `${file} is no valid TOML: ${(error as Error).message}`,
      'Correct the file.',
      { cause: error },
    );
  }
}

/** Throws `unavailable` for a file that cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new MemoryError(
      'unavailable',
      `The settings of ${file} cannot be read: ${(error as Error).message}.`,
      'Let this user read the file, or remove it.',
      { cause: error },
    );
  }
}

function flatten(table: Record<string, unknown>, prefix = ''): [string, unknown][] {
  return Object.entries(table).flatMap(([key, value]) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? flatten(value as Record<string, unknown>, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value] as [string, unknown]],
  );
}
