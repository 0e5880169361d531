/** The headings under which a person finds settings, in their order, each with the first parts of the names that belong there. */
const GROUPS: readonly (readonly [title: string, parts: readonly string[]])[] = [
  ['Memories', ['database', 'namespace', 'agent', 'review', 'secrets', 'retention']],
  ['Recall', ['recall', 'search', 'vectorStore']],
  ['Embeddings', ['embedding']],
  ['In the Editor', ['chat', 'code', 'dashboard']],
  ['Tools and Clients', ['tools', 'mcp']],
  ['Central Redis', ['redis']],
  ['Caches', ['cache']],
  ['Log', ['log']],
];

/**
 * @param properties of `contributes.configuration`, by name
 * @returns the same, by headings; throws where one belongs under none, or under none any more
 */
export function grouped(prefix: string, properties: Readonly<Record<string, object>>): readonly object[] {
  const left = new Map(Object.entries(properties));
  const groups = GROUPS.map(([title, parts], order) => {
    const own = [...left].filter(([name]) => parts.includes(name.split('.')[1]!));
    for (const [name] of own) left.delete(name);
    if (own.length === 0) throw new Error(`No setting belongs under "${title}".`);
    return { id: `${prefix}.${parts[0]}`, title, order, properties: Object.fromEntries(own) };
  });
  if (left.size > 0) throw new Error(`No heading has the settings ${[...left.keys()].join(', ')}.`);
  return groups;
}
