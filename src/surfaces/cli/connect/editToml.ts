import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'smol-toml';
import { MemoryError } from '../../../engine/errors.ts';

/** Throws `invalid_input` that names the place where the file does not parse. */
export function readToml(text: string, path: string): Record<string, unknown> {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const { line, column } = error as { line?: number; column?: number };
    const where = line === undefined ? '' : ` at line ${line}, column ${column}`;
    throw new MemoryError(
      'invalid_input',
      `${path} does not parse${where}: ${(error as Error).message.split('\n')[0]}. It was left untouched.`,
      'Correct the file, then repeat the command.',
      { cause: error },
    );
  }
}

/**
 * Sets the table `[group.name]` (undefined: takes it away with what lies under it). The rest of the file stays as it is, byte for
 * byte; so that a text edit cannot go wrong unseen, the result is parsed and compared.
 * Throws `invalid_input` when the file writes the table in a form that cannot be edited safely.
 */
export function editToml(
  text: string,
  path: string,
  group: string,
  name: string,
  table: Record<string, unknown> | undefined,
): string {
  const before = readToml(text, path);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const block = table && render(group, name, table, eol);
  const edited = replaceTable(text, group, name, block, eol);
  const wanted = structuredClone(before);
  const servers = { ...(wanted[group] as Record<string, unknown> | undefined) };
  if (table) servers[name] = table;
  else delete servers[name];
  if (Object.keys(servers).length > 0) wanted[group] = servers;
  else delete wanted[group];
  if (Object.keys((before[group] as object | undefined) ?? {}).length === 0 && !table)
    wanted[group] = before[group];
  if (same(edited, wanted)) return edited;
  throw new MemoryError(
    'invalid_input',
    `${path} writes ${group}.${name} in a form that cannot be edited safely. It was left untouched.`,
    `Take ${name} out of the file by hand, then repeat the command.`,
  );
}

function same(text: string, wanted: Record<string, unknown>): boolean {
  try {
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    return isDeepStrictEqual(plain(parse(text.replace(/^\uFEFF/, ''))), plain(wanted));
  } catch {
    return false;
  }
}

function render(group: string, name: string, table: Record<string, unknown>, eol: string): string {
  const lines = Object.entries(table).map(([key, value]) =>
    isTable(value)
      ? `${key} = { ${Object.entries(value)
          .map(([inner, item]) => stringify({ [inner]: item }).trim())
          .join(', ')} }`
      : stringify({ [key]: value }).trim(),
  );
  return [`[${group}.${name}]`, ...lines].join(eol) + eol;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A table reaches from its header to the next header that is not one of its own. */
function replaceTable(
  text: string,
  group: string,
  name: string,
  block: string | undefined,
  eol: string,
): string {
  const lines = text.split(/(?<=\n)/);
  const own = new RegExp(`^\\s*\\[\\[?\\s*${key(group)}\\s*\\.\\s*${key(name)}\\s*(\\.|\\])`);
  const start = lines.findIndex(line => own.test(line));
  if (start < 0) {
    if (block === undefined) return text;
    const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
    return text + gap + block;
  }
  let end = start + 1;
  while (end < lines.length && (!/^\s*\[/.test(lines[end]!) || own.test(lines[end]!))) end++;
  // Comments and empty lines before the next header belong to that one.
  while (end > start + 1 && /^\s*(#.*)?$/.test(lines[end - 1]!.trimEnd())) end--;
  const kept = lines.slice(0, start).join('');
  const rest = lines.slice(end).join('');
  if (block !== undefined) return kept + block + rest;
  return kept.replace(/(\r?\n)\r?\n$/, '$1') + rest;
}

function key(text: string): string {
  const plain = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return `(?:${plain}|"${plain}"|'${plain}')`;
}
