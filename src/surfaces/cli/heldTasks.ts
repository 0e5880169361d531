import { writeNamespace } from '../../engine/model/namespace.ts';
import { KeptProofs } from './keptProofs.ts';
import type { Session } from './session.ts';

/** Tools that act as the holder of a task. */
const OF_HOLDERS = new Set(['complete_task', 'fail_task', 'update_task']);

/** The input with the proof that this shell holds the task, where it claimed it and the input shows none. */
export async function withProof(
  tool: string,
  input: Record<string, unknown>,
  session: Session,
): Promise<Record<string, unknown>> {
  const { task_id: task, fence, lease_id } = input;
  if (!OF_HOLDERS.has(tool) || typeof task !== 'string') return input;
  if (fence !== undefined || lease_id !== undefined) return input;
  const kept = await proofsOf(session).find(namespaceOf(input, session), task);
  return kept ? { ...input, ...kept } : input;
}

/** Keeps the proofs of what was claimed, so that this shell shows them; that of an ended lease is refused with the reason. */
export async function keepProofs(
  tool: string,
  input: Record<string, unknown>,
  answer: Record<string, unknown>,
  session: Session,
): Promise<void> {
  const proofs = proofsOf(session);
  const namespace = namespaceOf(input, session);
  const claimed = tool === 'handoff' ? answer['taken'] : answer['claimed'] === true ? answer['tasks'] : [];
  for (const one of claimed as Claimed[])
    await proofs.keep(namespace, String(one.task_id ?? one.id), {
      fence: one.fence,
      lease_id: one.lease_id,
    });
}

interface Claimed {
  readonly id?: string;
  readonly task_id?: string;
  readonly fence: number;
  readonly lease_id: string;
}

function proofsOf({ runtime }: Session): KeptProofs {
  return new KeptProofs(runtime.dataDirectory, process.ppid);
}

function namespaceOf(input: Record<string, unknown>, session: Session): string {
  return writeNamespace(input['namespace'] as string | undefined, session.caller());
}
