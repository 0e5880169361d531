import type { Metadata } from './memory.ts';

/**
 * What a kept text of JSON says; undefined where it says nothing. Other programs may write such texts, and hands may damage them: one that
 * cannot be read is not to hide all the others.
 */
export function readJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without items of another kind; undefined where it is no list. */
export function readList<T>(text: unknown, isItem: (item: unknown) => item is T): readonly T[] | undefined {
  const read = readJson(text);
  return Array.isArray(read) ? read.filter(isItem) : undefined;
}

/** Empty where it is no list. */
export function readTexts(text: unknown): readonly string[] {
  return readList(text, isText) ?? [];
}

/** Undefined where it is no object. */
export function readObject(text: unknown): Metadata | undefined {
  const read = readJson(text);
  return isObject(read) ? (read as Metadata) : undefined;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
