import { MemoryError } from '../../engine/errors.ts';
import { checkNamespace } from '../../engine/model/namespace.ts';

const SCHEME = 'memory-central:';
const FORM = /^memory-central:\/\/(tasks|task|agents|contexts)\/([^/?#]+)(?:\/([^/?#]+))?(\?as=json)?$/;

/** What agents of a namespace do together: a list, or one task. */
export type WorkAddress =
  | { readonly kind: 'tasks' | 'agents' | 'contexts'; readonly namespace: string; readonly json: boolean }
  | { readonly kind: 'task'; readonly namespace: string; readonly id: string; readonly json: boolean };

export const WORK_URI_TEMPLATES = {
  tasks: `${SCHEME}//tasks/{namespace}{?as}`,
  task: `${SCHEME}//task/{namespace}/{id}{?as}`,
  agents: `${SCHEME}//agents/{namespace}{?as}`,
  contexts: `${SCHEME}//contexts/{namespace}{?as}`,
} as const;

export function isWorkUri(uri: string): boolean {
  return uri.startsWith(SCHEME);
}

/** @param id of the task, with `task` only */
export function workUri(kind: WorkAddress['kind'], namespace: string, id?: string): string {
  const parts = id === undefined ? [namespace] : [namespace, id];
  return `${SCHEME}//${kind}/${parts.map(encodeURIComponent).join('/')}`;
}

/** Throws `invalid_input` for another form. */
export function parseWorkUri(uri: string): WorkAddress {
  const match = FORM.exec(uri);
  try {
    if (match) {
      const [, kind, first, second, as] = match;
      const namespace = checkNamespace(decodeURIComponent(first!));
      const json = as !== undefined;
      if (kind === 'task' && second !== undefined)
        return { kind, namespace, id: decodeURIComponent(second), json };
      if (kind !== 'task' && second === undefined)
        return { kind: kind as 'tasks' | 'agents' | 'contexts', namespace, json };
    }
  } catch {
    // A percent sign that encodes nothing, or no name of a namespace: told below.
  }
  throw new MemoryError(
    'invalid_input',
    `"${uri.slice(0, 200)}" is no address of tasks, agents or contexts.`,
    `Use ${Object.values(WORK_URI_TEMPLATES).join(', ')}, percent-encoded; as=json for JSON instead of Markdown.`,
  );
}
