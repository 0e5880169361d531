import type { EditorMemory } from '../editorMemory.ts';

/** What calls tools; the window itself is one. */
export type Calls = Pick<EditorMemory, 'call'>;

/** The memory as a model sees it, which is one agent more: what waits for review may be held back from it. */
export function forModel(memory: Calls): Calls {
  return {
    call: (tool, input, options) => memory.call(tool, input, { ...options, forModel: true }),
  };
}
