import { MemoryError } from '../errors.ts';
import type { JsonValue, Memory } from '../model/memory.ts';
import type { SecretScanner } from '../ports/secretScanner.ts';
import { maskSecrets, type SecretPolicy } from './maskSecrets.ts';

/** What of a memory, a draft or a patch can hold a secret. */
type Texts = {
  readonly [K in (typeof MASKED)[number] | (typeof NAMES)[number] | 'content']?: Memory[K] | undefined;
};
const MASKED = ['tags', 'metadata', 'provenance', 'anchors', 'agent', 'session'] as const;
const NAMES = ['id', 'externalId', 'supersedes'] as const;

export interface MaskedMemory<T> {
  readonly memory: T;
  /** Names of the rules that hit, each once; empty when nothing was found. */
  readonly rules: readonly string[];
}

/**
 * Keeps secrets out of everything that is kept of a memory, as `maskSecrets` does for one text. An id names something and cannot
 * be masked: one that holds a secret is refused with `invalid_input` under either policy.
 */
export async function maskMemory<T extends Texts>(
  memory: T,
  scanner: SecretScanner,
  policy: SecretPolicy,
): Promise<MaskedMemory<T>> {
  if (policy === 'off') return { memory, rules: [] };
  const rules = new Set<string>();
  const masked: Record<string, unknown> = {};
  if (memory.content !== undefined) {
    const { text, rules: found } = await maskSecrets(memory.content, scanner, policy);
    masked['content'] = text;
    for (const rule of found) rules.add(rule);
  }
  const { id, externalId, supersedes, tags, metadata, provenance, anchors, agent, session } = memory;
  const others = { tags, metadata, provenance, anchors, agent, session };
  // Scanned together first, since nearly always there is nothing in them.
  const lines = [...linesOf(others), ...linesOf({ id, externalId, supersedes })];
  if ((await scanner.scan(lines.join('\n'))).length > 0) {
    await refuseIds({ id, external_id: externalId, supersedes }, scanner);
    for (const [name, value] of Object.entries(others)) {
      if (value !== undefined) masked[name] = await maskValue('', value, scanner, policy, rules);
    }
  }
  return { memory: { ...memory, ...masked }, rules: [...rules] };
}

/** Each text with the name it goes by, since `password` gives away what its value alone would not. */
function linesOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return [`${prefixOf(key)}${value}`];
  if (Array.isArray(value)) return value.flatMap(item => linesOf(item, key));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, item]) => [name, ...linesOf(item, name)]);
}

async function refuseIds(
  ids: Readonly<Record<string, string | null | undefined>>,
  scanner: SecretScanner,
): Promise<void> {
  for (const [name, id] of Object.entries(ids)) {
    const [found] = id ? await scanner.scan(id) : [];
    if (!found) continue;
    throw new MemoryError(
      'invalid_input',
      `The ${name} holds a secret (${found.rule}); nothing was stored.`,
      'Name it by something else.',
    );
  }
}

async function maskValue(
  key: string,
  value: JsonValue | object | null,
  scanner: SecretScanner,
  policy: SecretPolicy,
  rules: Set<string>,
): Promise<unknown> {
  if (typeof value === 'string') {
    const prefix = prefixOf(key);
    const { text, rules: found } = await maskSecrets(prefix + value, scanner, policy);
    for (const rule of found) rules.add(rule);
    if (found.length === 0) return value;
    // A finding that took the name along leaves nothing of the value.
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }
  if (Array.isArray(value)) {
    return Promise.all(value.map(item => maskValue(key, item, scanner, policy, rules)));
  }
  if (value === null || typeof value !== 'object') return value;
  const entries: [string, unknown][] = [];
  for (const [name, item] of Object.entries(value)) {
    const shown = await maskValue('', name, scanner, policy, rules);
    entries.push([String(shown), await maskValue(name, item, scanner, policy, rules)]);
  }
  return Object.fromEntries(entries);
}

function prefixOf(key: string): string {
  return key === '' ? '' : `${key}=`;
}
