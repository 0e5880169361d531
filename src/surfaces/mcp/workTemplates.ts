import { WORK_URI_TEMPLATES } from './workUri.ts';

/** How clients address what agents do together. */
export const WORK_RESOURCE_TEMPLATES = [
  {
    uriTemplate: WORK_URI_TEMPLATES.tasks,
    name: 'tasks',
    title: 'Tasks',
    description: 'What is to be done in a namespace, newest first; as=json for JSON.',
  },
  {
    uriTemplate: WORK_URI_TEMPLATES.task,
    name: 'task',
    title: 'A task',
    description: 'One task, whole, with its history.',
  },
  {
    uriTemplate: WORK_URI_TEMPLATES.agents,
    name: 'agents',
    title: 'Agents',
    description: 'Who works in a namespace, and on which files.',
  },
  {
    uriTemplate: WORK_URI_TEMPLATES.contexts,
    name: 'contexts',
    title: 'Shared contexts',
    description: 'What others share with you in a namespace.',
  },
].map(template => ({ ...template, mimeType: 'text/markdown' }));
