import { guard } from '../records/recordSpace.ts';

/** A task, an agent or a context in the names of keys and as a member of indexes; the namespace has no colon then. */
export function refOf({ namespace, id }: { readonly namespace: string; readonly id: string }): string {
  return `${spaceOf(namespace)}:${id}`;
}

/** A namespace in them. */
export function spaceOf(namespace: string): string {
  return encoded(namespace);
}

/** Each once. */
export function spacesOf(namespaces: readonly string[] = []): string[] {
  return [...new Set(namespaces)].map(spaceOf);
}

/** Throws `invalid_input` for text that cannot be carried. */
export function encoded(text: string): string {
  guard(text);
  return encodeURIComponent(text);
}
