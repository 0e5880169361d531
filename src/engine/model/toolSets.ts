/** Groups of tools, each of which can be switched off for agents: what is not offered costs them no tokens. */
export const TOOL_SETS = ['memory', 'tasks', 'agents', 'admin'] as const;
export type ToolSet = (typeof TOOL_SETS)[number];

/** The names of a list, which commas or spaces separate; known ones and others. */
export function namedSets(list: string): readonly string[] {
  return [...new Set(list.split(/[\s,]+/).filter(name => name !== ''))];
}

/** The sets that a list names. @param list was checked: names that are no sets are left out */
export function toolSetsOf(list: string): readonly ToolSet[] {
  const names = namedSets(list);
  return TOOL_SETS.filter(set => names.includes(set));
}
