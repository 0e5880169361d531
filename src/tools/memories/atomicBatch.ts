import type { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import type { DoneChange, WantedChange } from '../../engine/memories/changeTogether.ts';
import { inPlace } from '../../engine/memories/inPlace.ts';
import { demandScope } from '../../engine/model/rights.ts';
import { checkInput } from '../checkInput.ts';
import type { Tool, ToolContext } from '../defineTool.ts';
import { clearMemory } from './clearMemory.ts';
import { storeMemory, viewStored } from './storeMemory.ts';
import { draftOf, type storeMemoryInput } from './storeMemoryInput.ts';
import { updateMemory, updateOf, viewUpdated } from './updateMemory.ts';

/** An operation as it was asked for. */
interface Asked {
  readonly op: string;
  readonly args: unknown;
}

/** One durable change for all of them. @returns what each tool itself would answer, in their order */
export async function atomicBatch(
  operations: readonly Asked[],
  { caller, engine }: ToolContext,
): Promise<readonly Record<string, unknown>[]> {
  // What an atomic batch takes are changes of memories.
  demandScope(caller, 'write');
  const changes = operations.map((one, i) => {
    try {
      return changeOf(one);
    } catch (error) {
      throw inPlace(error, i + 1, operations.length);
    }
  });
  return (await engine.memories.change(changes, caller)).map(viewOf);
}

function changeOf({ args, op }: Asked): WantedChange {
  switch (op) {
    case storeMemory.name:
      return { kind: 'store', draft: draftOf(checked<typeof storeMemoryInput>(storeMemory, args)) };
    case updateMemory.name:
      return { kind: 'update', ...updateOf(checked<typeof updateMemory.input>(updateMemory, args)) };
    case clearMemory.name: {
      const {
        confirm,
        memory_id,
        namespace: _,
        ...others
      } = checked<typeof clearMemory.input>(clearMemory, args);
      if (memory_id !== undefined && confirm && Object.keys(others).length === 0)
        return { kind: 'forget', id: memory_id };
      throw refusal(`${op} is not by memory_id alone, with confirm: true`);
    }
    default:
      throw refusal(`${op} cannot be part of an atomic batch`);
  }
}

function checked<I extends z.ZodObject>(tool: unknown, args: unknown): z.infer<I> {
  return checkInput(tool as Tool, args) as z.infer<I>;
}

function refusal(what: string): MemoryError {
  return new MemoryError(
    'invalid_input',
    `${what}. Nothing was changed.`,
    'An atomic batch takes store_memory, update_memory, and clear_memory by memory_id; leave atomic out for others.',
  );
}

function viewOf(done: DoneChange): Record<string, unknown> {
  switch (done.kind) {
    case 'insert':
      return viewStored(done);
    case 'update':
      return viewUpdated(done);
    case 'remove': {
      const { id, memoryId } = done.operation;
      return { matched: 1, deleted: 1, ids: [memoryId], operation_ids: [id] };
    }
  }
}
