/** A hash as Redis returns it. */
export type Fields = Readonly<Record<string, string>>;

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
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1]!]] : [])));
}

/** The id of a stream's entry begins with its time. */
export function timeOfEntry(id: string): number {
  return Number.parseInt(id, 10);
}
