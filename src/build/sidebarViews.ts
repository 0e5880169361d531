const PREFIX = 'memoryCentral';
const ICON = 'media/activity-bar.svg';

/**
 * The views of the side bar, from the top; who opens it for the first time sees the first three. Each says its size: one that does not
 * counts as 20, and leaves the others no more than a few lines.
 */
export const sidebarViews = [
  { id: `${PREFIX}.agents`, name: 'Agents', icon: ICON, initialSize: 3 },
  { id: `${PREFIX}.tasks`, name: 'Tasks', icon: ICON, initialSize: 4 },
  { id: `${PREFIX}.memories`, name: 'Memories', icon: ICON, initialSize: 5 },
  { id: `${PREFIX}.review`, name: 'Review', icon: ICON, visibility: 'collapsed', initialSize: 1 },
  { id: `${PREFIX}.sessions`, name: 'Sessions', icon: ICON, visibility: 'collapsed', initialSize: 1 },
  { id: `${PREFIX}.health`, name: 'Health', icon: ICON, visibility: 'collapsed', initialSize: 1 },
] as const;

const TRUSTED = 'isWorkspaceTrusted';
const CONNECT = `[Connect a Client](command:${PREFIX}.connectClient)`;
const TRUST = '[Manage Workspace Trust](command:workbench.trust.manage)';

/** What an empty view says, with the next step. */
export const viewsWelcome = [
  {
    view: `${PREFIX}.agents`,
    contents: `Nobody works here yet. Every session of a connected client, and every window that uses the memory, appears here with what it does.\n${CONNECT}`,
    when: TRUSTED,
  },
  {
    view: `${PREFIX}.agents`,
    contents: `Nobody works here: this workspace is not trusted.\n${TRUST}`,
    when: `!${TRUSTED}`,
  },
  {
    view: `${PREFIX}.tasks`,
    contents: `No task is queued. What you or an agent queues is offered to the agent that suits it best.\n[Queue a Task](command:${PREFIX}.newTask)`,
    when: TRUSTED,
  },
  {
    view: `${PREFIX}.tasks`,
    contents: `No task is queued; queueing one needs a trusted workspace.\n${TRUST}`,
    when: `!${TRUSTED}`,
  },
  {
    view: `${PREFIX}.memories`,
    contents: `Nothing is remembered here yet. What agents and you store appears here, for every client on this machine: [Get Started](command:${PREFIX}.getStarted).\n[Store a Memory](command:${PREFIX}.store)\n[Import This Workspace's Docs](command:${PREFIX}.importDocs)\n${CONNECT}`,
    when: TRUSTED,
  },
  {
    view: `${PREFIX}.memories`,
    contents: `This workspace is not trusted, so only memories that hold everywhere are shown.\n${TRUST}`,
    when: `!${TRUSTED}`,
  },
  {
    view: `${PREFIX}.review`,
    contents: `Nothing waits for review. What agents store or change appears here, by the session that wrote it, for you to accept, edit or reject.\n[Choose What Happens Until Then](command:workbench.action.openSettings?%5B%22memoryCentral.review.gate%22%5D)`,
  },
  {
    view: `${PREFIX}.sessions`,
    contents: `No session of the last 7 days is known. Memories that are stored with a session, and sessions that programs save, appear here.\n${CONNECT}`,
    when: TRUSTED,
  },
  {
    view: `${PREFIX}.sessions`,
    contents: `No session is known that may be shown in a workspace that is not trusted.\n${TRUST}`,
    when: `!${TRUSTED}`,
  },
  {
    view: `${PREFIX}.health`,
    contents: `Nothing was looked at yet.\n[Check Now](command:${PREFIX}.refreshHealth)`,
  },
] as const;
