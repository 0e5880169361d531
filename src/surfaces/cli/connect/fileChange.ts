import { hashOf, type Journal } from './journal.ts';
import { readTextFile, writeTextFile } from './textFile.ts';

/** Our part of a file: how it is put in and taken out. */
export interface Part {
  readonly path: string;
  /** It carries the token. */
  readonly secret: boolean;
  put(text: string): string;
  /** @param before the file as it was before us, where that is known */
  take(text: string, before: string | undefined): string;
}

/** What is to become of a file; undefined: it does not exist. */
export interface FileChange {
  readonly path: string;
  readonly secret: boolean;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Reads only. Throws `invalid_input` when the file does not parse. */
export async function planPut(part: Part): Promise<FileChange> {
  const before = await readTextFile(part.path);
  return { path: part.path, secret: part.secret, before, after: part.put(before ?? '') };
}

/** Puts the file back as it was when nobody changed it since, else takes only our part out. Reads only. */
export async function planTake(part: Part, client: string, journal: Journal): Promise<FileChange> {
  const { path, secret } = part;
  const before = await readTextFile(path);
  const entry = await journal.read(path);
  const others = entry?.clients.some(name => name !== client) ?? false;
  if (before === undefined || others) return { path, secret, before, after: before };
  const untouched = entry !== undefined && hashOf(before) === entry.afterHash;
  const after = untouched ? (entry.before ?? undefined) : part.take(before, entry?.before ?? undefined);
  return { path, secret, before, after };
}

/** Writes the journal first: a crash in between leaves a file that can be put back. */
export async function applyPut(
  change: FileChange,
  part: Part,
  client: string,
  journal: Journal,
): Promise<void> {
  const { path, before, after = '', secret } = change;
  const entry = await journal.read(path);
  const ours = entry !== undefined && hashOf(before ?? '') === entry.afterHash;
  const original = ours
    ? entry.before
    : entry && before !== undefined
      ? part.take(before, entry.before ?? undefined)
      : (before ?? null);
  const clients = [...new Set([...(entry?.clients ?? []), client])].sort();
  await journal.write({ path, before: original, afterHash: hashOf(after), clients });
  if (after !== before) await writeTextFile(path, after, { secret });
}

export async function applyTake(change: FileChange, client: string, journal: Journal): Promise<void> {
  const { path, before, after } = change;
  const entry = await journal.read(path);
  if (after !== before) await writeTextFile(path, after);
  const clients = entry?.clients.filter(name => name !== client) ?? [];
  if (entry && clients.length > 0) await journal.write({ ...entry, clients });
  else await journal.delete(path);
}
