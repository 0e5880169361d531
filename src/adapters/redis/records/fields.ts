/** A hash as Redis returns it. */
export type Fields = Readonly<Record<string, string>>;

/** Empty where it is no text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The time of a record, in ms; 0 where none can be read. */
export function timeOf(text: string | undefined): number {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? 0 : ms;
}

/** 0 where none can be read: other programs write these fields too. */
export function numberOf(text: string | undefined): number {
  const value = Number(text ?? 0);
  return Number.isFinite(value) ? value : 0;
}

/** Other programs write True or 1. */
export function truthOf(text: string | undefined): boolean {
  return /^(true|1)$/i.test(text ?? '');
}

export function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');
}

/** Fields of a stream's entry, which come as a flat list. */
export function fieldsOf(flat: readonly string[]): Fields {
  const fields: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) fields[flat[i]!] = flat[i + 1]!;
  return fields;
}

/** The id of a stream's entry begins with its time. */
export function timeOfEntry(id: string): number {
  return Number.parseInt(id, 10);
}
