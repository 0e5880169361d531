import { z } from 'zod';
import { settingMeta } from '../config/settingMeta.ts';
import { type SettingName, settings } from '../config/settings.ts';
import type { Tool } from '../tools/defineTool.ts';
import { listedSchema } from '../tools/listedSchema.ts';
import { toolsFor } from '../tools/registry.ts';
import { editorCommands } from './editorCommands.ts';

const PREFIX = 'memoryCentral';

/** Short words for the two that people type; Copilot owns #memory. */
const REFERENCE_NAMES: Readonly<Record<string, string>> = {
  semantic_search: 'recall',
  store_memory: 'remember',
};

/** What package.json says to the editor, from the definitions of tools, settings and commands. */
export function manifest(): Record<string, unknown> {
  return {
    main: './dist/extension.js',
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
      views: { [PREFIX]: [{ id: `${PREFIX}.memories`, name: 'Memories', icon: 'media/activity-bar.svg' }] },
      viewsWelcome: viewsWelcome(),
      configuration: { title: 'Memory Central', properties: configuration() },
      languageModelTools: toolsFor('editor').map(languageModelTool),
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
    for (const [menu, { when, group }] of Object.entries(menus)) {
      all[menu] ??= [];
      all[menu].push({ command: `${PREFIX}.${id}`, ...(when && { when }), group });
    }
  }
  return all;
}

function viewsWelcome(): unknown[] {
  const view = `${PREFIX}.memories`;
  return [
    {
      view,
      contents:
        "Nothing is remembered here yet. What agents and you store appears here, for every client on this machine.\n[Store a Memory](command:memoryCentral.store)\n[Import This Workspace's Docs](command:memoryCentral.importDocs)\n[Connect a Client](command:memoryCentral.connectClient)",
      when: 'isWorkspaceTrusted',
    },
    {
      view,
      contents:
        'This workspace is not trusted, so only memories that hold everywhere are shown.\n[Manage Workspace Trust](command:workbench.trust.manage)',
      when: '!isWorkspaceTrusted',
    },
  ];
}

function configuration(): Record<string, unknown> {
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
