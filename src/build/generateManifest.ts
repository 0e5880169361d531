import { z } from 'zod';
import { settingMeta } from '../config/settingMeta.ts';
import { type SettingName, settings } from '../config/settings.ts';
import { FOREIGN_LANGUAGE, FOREIGN_PATTERN } from '../surfaces/editor/foreignDocuments.ts';
import type { Tool } from '../tools/defineTool.ts';
import { listedSchema } from '../tools/listedSchema.ts';
import { toolsFor } from '../tools/registry.ts';
import { editorCommands } from './editorCommands.ts';
import { grouped } from './settingGroups.ts';
import { sidebarViews, viewsWelcome } from './sidebarViews.ts';
import { walkthrough } from './walkthrough.ts';

const PREFIX = 'memoryCentral';

/** Short words for the two that people type; Copilot owns #memory. */
const REFERENCE_NAMES: Readonly<Record<string, string>> = {
  semantic_search: 'recall',
  store_memory: 'remember',
};

/** What package.json says to the editor, from the definitions of tools, settings and commands, in English. */
export function manifest(): Record<string, unknown> {
  return {
    description:
      'A shared memory for coding agents: one memory for VS Code, Claude Code and every other agent, on your own machine.',
    main: './dist/editor.js',
    l10n: './l10n',
    icon: 'media/icon.png',
    categories: ['AI', 'Chat', 'Other'],
    keywords: ['memory', 'mcp', 'agent', 'copilot', 'claude'],
    extensionKind: ['workspace'],
    activationEvents: ['onStartupFinished', 'onFileSystem:memory'],
    capabilities: {
      untrustedWorkspaces: {
        supported: 'limited',
        description:
          'Memories that hold everywhere can be read; storing, importing and settings of the workspace need trust.',
        restrictedConfigurations: settingNames()
          .filter(name => ['window', 'resource'].includes(metaOf(name).scope))
          .map(name => `${PREFIX}.${name}`),
      },
      virtualWorkspaces: {
        supported: 'limited',
        description:
          'Folders that are not on a disk belong to the namespace "global", and their docs cannot be imported.',
      },
    },
    contributes: {
      commands: editorCommands.map(({ id, title, icon }) => ({
        command: `${PREFIX}.${id}`,
        title,
        category: 'Memory Central',
        ...(icon && { icon }),
      })),
      menus: menus(),
      viewsContainers: {
        activitybar: [{ id: PREFIX, title: 'Memory Central', icon: 'media/activity-bar.svg' }],
      },
      views: { [PREFIX]: sidebarViews },
      viewsWelcome,
      configuration: grouped(PREFIX, configuration()),
      languages: [{ id: FOREIGN_LANGUAGE, aliases: ['Memory'], filenamePatterns: [FOREIGN_PATTERN] }],
      grammars: [
        {
          language: FOREIGN_LANGUAGE,
          scopeName: 'text.memory-central',
          path: './media/memory-text.tmLanguage.json',
        },
      ],
      configurationDefaults: {
        [`[${FOREIGN_LANGUAGE}]`]: {
          'editor.links': false,
          'editor.wordWrap': 'on',
          'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
        },
      },
      languageModelTools: toolsFor('editor').map(languageModelTool),
      walkthroughs: [walkthrough],
      chatParticipants: [participant()],
      mcpServerDefinitionProviders: [{ id: PREFIX, label: 'Memory Central' }],
    },
  };
}

function menus(): Record<string, unknown> {
  const all: Record<string, unknown[]> = {
    commandPalette: editorCommands
      .filter(({ palette }) => palette !== undefined)
      .map(({ id, palette }) => ({ command: `${PREFIX}.${id}`, when: palette })),
  };
  for (const { id, menus = {} } of editorCommands) {
    for (const [menu, places] of Object.entries(menus)) {
      all[menu] ??= [];
      for (const { when, group } of [places].flat())
        all[menu].push({ command: `${PREFIX}.${id}`, ...(when && { when }), group });
    }
  }
  return all;
}

function configuration(): Record<string, object> {
  const shown = settingNames().filter(name => metaOf(name).scope !== 'none');
  return Object.fromEntries(
    shown.map((name, order) => {
      const schema = settings.shape[name];
      const { $schema: _, description, ...rules } = z.toJSONSchema(schema, { io: 'input' });
      return [
        `${PREFIX}.${name}`,
        { ...rules, scope: metaOf(name).scope, order, markdownDescription: description },
      ];
    }),
  );
}

function languageModelTool(tool: Tool): Record<string, unknown> {
  return {
    name: `${PREFIX}_${tool.name}`,
    displayName: tool.title,
    userDescription: tool.description.split('\n')[0],
    modelDescription: tool.description,
    toolReferenceName: REFERENCE_NAMES[tool.name] ?? camelCase(tool.name),
    canBeReferencedInPrompt: true,
    icon: '$(database)',
    tags: ['memory', tool.effect],
    inputSchema: listedSchema(tool),
    when: `config.${PREFIX}.tools.sets =~ /\\b${tool.set}\\b/`,
  };
}

function participant(): Record<string, unknown> {
  return {
    id: `${PREFIX}.memory`,
    name: 'memory',
    fullName: 'Memory Central',
    description: 'Answers from what is remembered, and says which memories it used.',
    isSticky: false,
    commands: [
      { name: 'recall', description: 'Show the memories that are nearest to your words.' },
      { name: 'remember', description: 'Store your words as a memory of this repository.' },
      { name: 'forget', description: 'Find memories to delete; nothing goes before you choose.' },
      { name: 'continue', description: 'Show what another agent was doing, to go on with it.' },
      { name: 'digest', description: 'Show what agents are told at the start of work.' },
      { name: 'status', description: 'Show how many memories there are, and whether recall is complete.' },
    ],
    disambiguation: [
      {
        category: 'memory',
        description: 'Questions about what was decided, learnt or done before in this project.',
        examples: ['What did we decide about the database?', 'How did we fix this before?'],
      },
    ],
  };
}

function settingNames(): readonly SettingName[] {
  return Object.keys(settings.shape) as SettingName[];
}

function metaOf(name: SettingName) {
  const meta = settingMeta.get(settings.shape[name]);
  if (!meta) throw new Error(`The setting ${name} has no metadata.`);
  return meta;
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
