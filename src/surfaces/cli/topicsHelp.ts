import type { AddHelpTextContext } from 'commander';
import type { Tool } from '../../tools/defineTool.ts';
import { toolsFor, topics } from '../../tools/registry.ts';

const HEADING = 'Tools, for scripts and for programs of the LAN (memory-central help <tool>):';

const OF_SYSTEM = new Set(['gpu_status', 'health_check']);

/** Names of the tools, a topic a line, where a line each would push the daily commands off the screen. */
export function topicsHelp({ command }: AddHelpTextContext): string {
  const helper = command.createHelp();
  const helpWidth = command.configureOutput().getOutHelpWidth?.() ?? 80;
  helper.prepareContext({ helpWidth });
  const all = byTopic();
  const width = Math.max(...[...all.keys()].map(topic => topic.length));
  const rows = [...all].map(([topic, tools]) => {
    const names = tools.map(({ name }) => name.replaceAll('_', '-')).join(', ');
    return helper.formatItem(topic, width, names, helper);
  });
  return ['', HEADING, ...rows].join('\n');
}

/** Every tool: those of agents by their sets, then those of programs. */
function byTopic(): ReadonlyMap<string, readonly Tool[]> {
  const all = new Map<string, Tool[]>();
  const ofTopics = Object.entries(topics);
  const add = (topic: string, tool: Tool) => all.set(topic, [...(all.get(topic) ?? []), tool]);
  const known = new Set(ofTopics.flatMap(([, tools]) => tools));
  for (const tool of toolsFor('cli'))
    if (!known.has(tool)) add(OF_SYSTEM.has(tool.name) ? 'system' : tool.set, tool);
  for (const [topic, tools] of ofTopics) for (const tool of tools) add(topic, tool);
  return all;
}
