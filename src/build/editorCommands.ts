import { type EditorCommand, rowPlaces } from './editorCommand.ts';
import { reviewCommands } from './reviewCommands.ts';
import { sidebarCommands } from './sidebarCommands.ts';

const VIEW = 'view == memoryCentral.memories';
const HEALTH = 'view == memoryCentral.health';
const STATE = 'view =~ /^memoryCentral\\.(memories|health)$/';
const ITEM = 'view =~ /^memoryCentral\\.(memories|sessions)$/ && viewItem =~ /^memory/';
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
    id: 'openBrowser',
    title: 'Open Memory Browser',
    icon: '$(list-selection)',
    menus: { 'view/title': { group: '1_view@0', when: VIEW } },
  },
  {
    id: 'openDashboard',
    title: 'Open Dashboard',
    icon: '$(dashboard)',
    menus: { 'view/title': { group: '3_state@0', when: STATE } },
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
    // One that is not trusted keeps to what holds everywhere.
    palette: 'isWorkspaceTrusted',
    menus: { 'view/title': { group: '1_view@2', when: `${VIEW} && isWorkspaceTrusted` } },
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
  {
    id: 'addInstructions',
    title: 'Add Instructions for Copilot…',
    palette: 'isWorkspaceTrusted && workspaceFolderCount != 0',
    menus: {
      'view/title': { group: '2_data@3', when: `${VIEW} && isWorkspaceTrusted && workspaceFolderCount != 0` },
    },
  },
  {
    id: 'continueWork',
    title: 'Continue What Another Agent Was Doing…',
    icon: '$(debug-continue)',
    palette: 'isWorkspaceTrusted',
    menus: { 'view/title': { group: '2_work@1', when: `${VIEW} && isWorkspaceTrusted` } },
  },
  {
    id: 'handWork',
    title: 'Hand My Work to Another Agent…',
    icon: '$(export)',
    palette: 'isWorkspaceTrusted',
    menus: { 'view/title': { group: '2_work@2', when: `${VIEW} && isWorkspaceTrusted` } },
  },
  {
    id: 'reindex',
    title: 'Check and Rebuild the Search Index',
    icon: '$(tools)',
    menus: { 'view/title': { group: '3_state@4', when: HEALTH } },
  },
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
    menus: { 'view/title': { group: '3_state@2', when: STATE } },
  },
  { id: 'askMemory', title: 'Ask @memory', icon: '$(comment-discussion)' },
  { id: 'getStarted', title: 'Get Started', icon: '$(rocket)' },
  {
    id: 'doctor',
    title: 'Doctor: Examine the Memory',
    icon: '$(pulse)',
    menus: { 'view/title': { group: '3_state@3', when: HEALTH } },
  },
  {
    id: 'connectRedis',
    title: 'Connect to the Central Redis…',
    icon: '$(cloud)',
    palette: 'isWorkspaceTrusted',
    menus: { 'view/title': { group: '2_data@4', when: `${VIEW} && isWorkspaceTrusted` } },
  },
  { id: 'setApiKey', title: 'Set the Key of the Embedding Endpoint', icon: '$(key)' },
  { id: 'setRedisPassword', title: 'Set the Password of Redis', icon: '$(key)' },
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
  {
    id: 'memoriesHere',
    title: 'Show Memories of This Code',
    icon: '$(bookmark)',
    palette: 'resourceScheme == file',
  },
  {
    id: 'anchorToSelection',
    title: 'Anchor a Memory to the Selection…',
    icon: '$(target)',
    palette: 'editorHasSelection && resourceScheme == file && isWorkspaceTrusted',
  },
  { id: 'reanchorMemory', title: 'Re-anchor Memory', icon: '$(target)', palette: 'false' },
  { id: 'openAnchor', title: 'Go to the Code It Speaks of', icon: '$(file-code)', palette: 'false' },
  {
    id: 'pinMemory',
    title: 'Pin Memory',
    icon: '$(pin)',
    palette: 'false',
    menus: rowPlaces(`${ITEM} && viewItem == memory && isWorkspaceTrusted`, 1, '3_change@1'),
  },
  {
    id: 'unpinMemory',
    title: 'Unpin Memory',
    icon: '$(pinned)',
    palette: 'false',
    menus: rowPlaces(`${ITEM} && viewItem == memory.pinned && isWorkspaceTrusted`, 1, '3_change@1'),
  },
  {
    id: 'deleteMemory',
    title: 'Delete Memory',
    icon: '$(trash)',
    palette: `${DOCUMENT} && isWorkspaceTrusted`,
    menus: {
      ...rowPlaces(`${ITEM} && isWorkspaceTrusted`, 2, '3_change@2'),
      'editor/title': { group: 'navigation@9', when: `${DOCUMENT} && isWorkspaceTrusted` },
    },
  },
  { id: 'undo', title: 'Undo a Change', icon: '$(discard)', palette: 'false' },
  ...sidebarCommands,
  ...reviewCommands,
];
