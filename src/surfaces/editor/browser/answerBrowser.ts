import * as vscode from 'vscode';
import type { MemoryView } from '../../../tools/memories/views.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { checkContent } from '../memories/checkContent.ts';
import { MemoryActions } from '../memories/memoryActions.ts';
import type { BrowserProtocol } from '../webviews/messages/browserProtocol.ts';
import type { Handlers } from '../webviews/webviewPage.ts';
import { chooseFilter } from './chooseFilter.ts';
import { shareMemory } from './shareMemory.ts';

interface History {
  readonly operations: readonly {
    readonly operation_id: string;
    readonly kind: string;
    readonly version: number;
    readonly by: string;
    readonly at: string;
    readonly fields: readonly string[];
    readonly undoes: string | null;
  }[];
  readonly versions: readonly { readonly version: number; readonly content: string }[];
}

interface Batch {
  readonly results: readonly { readonly result: Readonly<Record<string, unknown>> }[];
}

const CHANGES = 200;

/** Answers the browser's requests for this window. */
export function answerBrowser(memory: EditorMemory): Handlers<BrowserProtocol> {
  const actions = new MemoryActions(memory);
  const whole = async (id: string, signal: AbortSignal): Promise<MemoryView> =>
    (await memory.call<MemoryView>('retrieve_memory', { memory_id: id }, { signal })).structured;
  return {
    page: async (asked, signal) =>
      memory.request('browse', { ...asked, caller: await memory.caller() }, { signal }),
    days: async ({ question }, signal) =>
      memory.request('browseDays', { question, caller: await memory.caller() }, { signal }),
    map: async (asked, signal) =>
      memory.request('map', { ...asked, caller: await memory.caller() }, { signal }),
    chooseFilter: async ({ filter, filters }) => (await chooseFilter(memory, filter, filters)) ?? null,
    memory: async ({ id }, signal) =>
      memory.request('wholeMemory', { id, caller: await memory.caller() }, { signal }),
    history: async ({ id }, signal) => {
      const input = { memory_id: id, limit: CHANGES };
      const { structured } = await memory.call<History>('memory_history', input, { signal });
      return {
        changes: structured.operations.map(({ operation_id, at, fields, ...change }) => ({
          ...change,
          // What the engine notes beside a change says nothing to a person.
          fields: fields.filter(field => field !== 'unreviewedBy'),
          operation: operation_id,
          at: Date.parse(at),
        })),
        versions: structured.versions,
      };
    },
    similar: async ({ id }, signal) =>
      memory.request('similarRows', { id, caller: await memory.caller() }, { signal }),
    edit: async ({ id, version, type, ...fields }) => {
      if (fields.content !== undefined) checkContent(fields.content);
      const input = {
        memory_id: id,
        expected_version: version,
        ...fields,
        ...(type && { memory_type: type }),
      };
      const { structured } = await memory.call<{ masked_secrets?: string[] }>('update_memory', input);
      return { masked: structured.masked_secrets ?? [] };
    },
    pin: async ({ id, pinned }) => {
      await actions.pin(id, pinned);
      return null;
    },
    share: async ({ id }, signal) => shareMemory(memory, await whole(id, signal)),
    remove: async ({ id }) => {
      const input = { memory_id: id, confirm: true };
      const { structured } = await memory.call<{ operation_ids: readonly string[] }>('clear_memory', input);
      return { operations: structured.operation_ids };
    },
    merge: async ({ keep, drop }, signal) => ({ operations: await merge(keep, drop, signal) }),
    undo: async ({ operations }) => {
      // The last first: each is taken back from what it left.
      for (const operation of [...operations].reverse()) await actions.undo(operation);
      return null;
    },
    open: async ({ id, as }) => {
      if (as === 'document') await actions.open(id);
      else if (as === 'code') await vscode.commands.executeCommand('memoryCentral.openAnchor', id);
      else if (as === 'copy') await actions.copy(id);
      else await actions.insert(id);
      return null;
    },
  };

  /** In one change, so that either both happen or none. @returns operations, in the order in which they were done */
  async function merge(keep: string, drop: string, signal: AbortSignal): Promise<readonly string[]> {
    const [kept, dropped] = await Promise.all([whole(keep, signal), whole(drop, signal)]);
    const tags = [...new Set([...kept.tags, ...dropped.tags])];
    const update = { memory_id: keep, expected_version: kept.version, supersedes: drop, tags };
    const operations = [
      { op: 'update_memory', args: { ...update, ...(dropped.pinned && { pinned: true }) } },
      { op: 'clear_memory', args: { memory_id: drop, confirm: true } },
    ];
    const { structured } = await memory.call<Batch>('batch_operations', { operations, atomic: true });
    return structured.results.flatMap(({ result }) =>
      [result['operation_id'], ...((result['operation_ids'] as string[] | undefined) ?? [])].filter(
        one => typeof one === 'string',
      ),
    );
  }
}
