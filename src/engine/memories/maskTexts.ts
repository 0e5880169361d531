import type { JsonValue } from '../model/memory.ts';
import type { SecretScanner } from '../ports/secretScanner.ts';
import { maskMemory } from './maskMemory.ts';
import type { SecretPolicy } from './maskSecrets.ts';

/** Keeps secrets out of texts, each by its name. Rejects with `invalid_input` where the policy is to refuse them. */
export type MaskTexts = <T extends { readonly [name: string]: JsonValue }>(texts: T) => Promise<T>;

export function maskTextsWith(scanner: SecretScanner, policy: SecretPolicy): MaskTexts {
  return async texts => {
    const { memory } = await maskMemory({ metadata: texts }, scanner, policy);
    return memory.metadata as typeof texts;
  };
}
