import { AGENTS_SCHEMA } from './agentsSchema.ts';
import { TASKS_SCHEMA } from './tasksSchema.ts';

/** How agents work together; what changes there is told as an event. */
export const WORK_SCHEMA = `
  ALTER TABLE events ADD COLUMN namespace TEXT;
  ALTER TABLE events ADD COLUMN subject TEXT;
  ALTER TABLE events ADD COLUMN change TEXT;
  ALTER TABLE events ADD COLUMN agent TEXT;
  ALTER TABLE events ADD COLUMN audience TEXT;
${TASKS_SCHEMA}${AGENTS_SCHEMA}`;
