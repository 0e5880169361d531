/** Where a command of the editor is offered. */
export interface EditorCommand {
  /** Without the prefix `memoryCentral.`. */
  readonly id: string;
  readonly title: string;
  readonly icon?: string;
  /** In the palette: when; absent: always; `false`: it needs a memory to work on. */
  readonly palette?: string;
  readonly menus?: Readonly<Record<string, { readonly when?: string; readonly group: string }>>;
}

const VIEW = 'view == memoryCentral.memories';
const ITEM = `${VIEW} && viewItem =~ /^memory/`;
const DOCUMENT = 'resourceScheme == memory';

/** Every command, once; package.json's commands and menus follow. */
export const editorCommands: readonly EditorCommand[] = [
  {
    id: 'search',
    title: 'Search Memories',
    icon: '$(search)',
    menus: { 'view/title': { group: 'navigation@1', when: VIEW } },
  },
  {
    id: 'store',
    title: 'Store a Memory',
    icon: '$(add)',
    palette: 'isWorkspaceTrusted',
    menus: { 'view/title': { group: 'navigation@2', when: `${VIEW} && isWorkspaceTrusted` } },
  },
  {
    id: 'rememberSelection',
    title: 'Remember Selection',
    icon: '$(bookmark)',
    palette: 'editorHasSelection && isWorkspaceTrusted',
    menus: {
      'editor/context': {
        group: '9_memory@1',
        when: 'editorHasSelection && isWorkspaceTrusted && resourceScheme != memory',
      },
    },
  },
  {
    id: 'importDocs',
    title: "Import This Workspace's Docs",
    icon: '$(cloud-download)',
    palette: 'isWorkspaceTrusted && workspaceFolderCount != 0',
    menus: {
      'view/title': { group: '2_data@1', when: `${VIEW} && isWorkspaceTrusted && workspaceFolderCount != 0` },
    },
  },
  {
    id: 'switchNamespace',
    title: 'Switch Namespace',
    icon: '$(repo)',
    menus: { 'view/title': { group: '1_view@2', when: VIEW } },
  },
  {
    id: 'groupBy',
    title: 'Group Memories by…',
    icon: '$(list-tree)',
    menus: { 'view/title': { group: '1_view@1', when: VIEW } },
  },
  {
    id: 'refresh',
    title: 'Refresh Memories',
    icon: '$(refresh)',
    menus: { 'view/title': { group: '1_view@3', when: VIEW } },
  },
  {
    id: 'connectClient',
    title: 'Connect a Client',
    icon: '$(plug)',
    palette: 'isWorkspaceTrusted',
    menus: { 'view/title': { group: '2_data@2', when: `${VIEW} && isWorkspaceTrusted` } },
  },
  { id: 'reindex', title: 'Check and Rebuild the Search Index', icon: '$(tools)' },
  {
    id: 'showStatus',
    title: 'Show Status',
    icon: '$(info)',
    menus: { 'view/title': { group: '3_state@1', when: VIEW } },
  },
  {
    id: 'showLogs',
    title: 'Show Logs',
    icon: '$(output)',
    menus: { 'view/title': { group: '3_state@2', when: VIEW } },
  },
  { id: 'setApiKey', title: 'Set the Key of the Embedding Endpoint', icon: '$(key)' },
  {
    id: 'openMemory',
    title: 'Open Memory',
    icon: '$(go-to-file)',
    palette: 'false',
    menus: { 'view/item/context': { group: '1_open@1', when: ITEM } },
  },
  {
    id: 'copyMemory',
    title: 'Copy Memory',
    icon: '$(copy)',
    palette: 'false',
    menus: { 'view/item/context': { group: '1_open@2', when: ITEM } },
  },
  {
    id: 'insertMemory',
    title: 'Insert at Cursor',
    icon: '$(insert)',
    palette: 'false',
    menus: { 'view/item/context': { group: '1_open@3', when: ITEM } },
  },
  {
    id: 'findSimilar',
    title: 'Find Similar Memories',
    icon: '$(references)',
    palette: 'false',
    menus: { 'view/item/context': { group: '2_find@1', when: ITEM } },
  },
  { id: 'openAnchor', title: 'Go to the Code It Speaks of', icon: '$(file-code)', palette: 'false' },
  {
    id: 'pinMemory',
    title: 'Pin Memory',
    icon: '$(pin)',
    palette: 'false',
    menus: {
      'view/item/context': { group: 'inline@1', when: `${VIEW} && viewItem == memory && isWorkspaceTrusted` },
    },
  },
  {
    id: 'unpinMemory',
    title: 'Unpin Memory',
    icon: '$(pinned)',
    palette: 'false',
    menus: {
      'view/item/context': {
        group: 'inline@1',
        when: `${VIEW} && viewItem == memory.pinned && isWorkspaceTrusted`,
      },
    },
  },
  {
    id: 'deleteMemory',
    title: 'Delete Memory',
    icon: '$(trash)',
    palette: `${DOCUMENT} && isWorkspaceTrusted`,
    menus: {
      'view/item/context': { group: 'inline@2', when: `${ITEM} && isWorkspaceTrusted` },
      'editor/title': { group: 'navigation@9', when: `${DOCUMENT} && isWorkspaceTrusted` },
    },
  },
  { id: 'undo', title: 'Undo a Change', icon: '$(discard)', palette: 'false' },
];
