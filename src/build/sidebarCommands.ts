import { type EditorCommand, rowPlaces } from './editorCommand.ts';

const AGENTS = 'view == memoryCentral.agents';
const TASKS = 'view == memoryCentral.tasks';
const WORK = 'view =~ /^memoryCentral\\.(agents|tasks)$/';
const TRUSTED = 'isWorkspaceTrusted';
const task = (states: string) => `${WORK} && viewItem =~ /^task\\.(${states})$/`;
const WAITING = 'blocked|ready|leased|input_required|retry_wait|dead';

/** What is done with the rows of the views beside the memories. */
export const sidebarCommands: readonly EditorCommand[] = [
  {
    id: 'newTask',
    title: 'Queue a Task',
    icon: '$(add)',
    palette: TRUSTED,
    menus: { 'view/title': { group: 'navigation@1', when: `${TASKS} && ${TRUSTED}` } },
  },
  {
    id: 'groupTasksByAgent',
    title: 'Group Tasks by Agent',
    icon: '$(person)',
    palette: 'false',
    menus: {
      'view/title': { group: 'navigation@2', when: `${TASKS} && memoryCentral.taskGrouping != agent` },
    },
  },
  {
    id: 'groupTasksByState',
    title: 'Group Tasks by State',
    icon: '$(list-tree)',
    palette: 'false',
    menus: {
      'view/title': { group: 'navigation@2', when: `${TASKS} && memoryCentral.taskGrouping == agent` },
    },
  },
  {
    id: 'refreshWork',
    title: 'Refresh',
    icon: '$(refresh)',
    palette: 'false',
    menus: { 'view/title': { group: '1_view@1', when: WORK } },
  },
  {
    id: 'openTasks',
    title: 'Open Tasks as a Document',
    icon: '$(checklist)',
    menus: { 'view/title': { group: '2_open@1', when: TASKS } },
  },
  {
    id: 'openAgents',
    title: 'Open Agents as a Document',
    icon: '$(organization)',
    menus: { 'view/title': { group: '2_open@1', when: AGENTS } },
  },
  {
    id: 'answerTask',
    title: 'Answer a Question…',
    icon: '$(reply)',
    palette: TRUSTED,
    menus: rowPlaces(`${task('input_required')} && ${TRUSTED}`, 1, '2_work@1'),
  },
  {
    id: 'retryTask',
    title: 'Retry Task Now',
    icon: '$(debug-restart)',
    palette: TRUSTED,
    menus: rowPlaces(`${task('retry_wait')} && ${TRUSTED}`, 1, '2_work@1'),
  },
  {
    id: 'requeueTask',
    title: 'Requeue Task',
    icon: '$(debug-restart)',
    palette: TRUSTED,
    menus: rowPlaces(`${task('dead')} && ${TRUSTED}`, 1, '2_work@1'),
  },
  {
    id: 'assignTask',
    title: 'Assign a Task to an Agent…',
    icon: '$(person-add)',
    palette: TRUSTED,
    menus: rowPlaces(`${task('ready|retry_wait|dead')} && ${TRUSTED}`, 2, '2_work@2'),
  },
  {
    id: 'cancelTask',
    title: 'Cancel Task…',
    icon: '$(circle-slash)',
    palette: TRUSTED,
    menus: rowPlaces(`${task(WAITING)} && ${TRUSTED}`, 3, '3_end@1'),
  },
  {
    id: 'openTask',
    title: 'Open Task',
    icon: '$(go-to-file)',
    palette: TRUSTED,
    menus: { 'view/item/context': { group: '1_open@1', when: `${WORK} && viewItem =~ /^task\\./` } },
  },
  {
    id: 'offerTask',
    title: 'Offer It to Everybody',
    icon: '$(organization)',
    palette: 'false',
    menus: { 'view/item/context': { group: '2_work@3', when: `${task('ready')} && ${TRUSTED}` } },
  },
  {
    id: 'assignToAgent',
    title: 'Assign a Task to It…',
    icon: '$(tasklist)',
    palette: 'false',
    menus: rowPlaces(`${AGENTS} && viewItem == agent && ${TRUSTED}`, 1, '2_work@1'),
  },
  {
    id: 'refreshSessions',
    title: 'Refresh Sessions',
    icon: '$(refresh)',
    palette: 'false',
    menus: { 'view/title': { group: 'navigation@1', when: 'view == memoryCentral.sessions' } },
  },
  {
    id: 'refreshHealth',
    title: 'Check Again',
    icon: '$(refresh)',
    palette: 'false',
    menus: { 'view/title': { group: 'navigation@1', when: 'view == memoryCentral.health' } },
  },
  {
    id: 'copyFix',
    title: 'Copy What to Do',
    icon: '$(copy)',
    palette: 'false',
    menus: rowPlaces('view == memoryCentral.health && viewItem == fix', 1, '1_copy@1'),
  },
  {
    id: 'dismissConflicts',
    title: 'I Have Looked at Them',
    icon: '$(check-all)',
    palette: 'false',
    menus: rowPlaces('view == memoryCentral.memories && viewItem == conflicts', 1, '2_looked@1'),
  },
];
