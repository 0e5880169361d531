import { open } from 'node:fs/promises';

/** Of a long transcript, the end. */
const READ_BYTES = 16_000_000;
/** From here on it is worth asking what was learnt: so many changed files, or so many calls of tools. */
const EDITS = 3;
const CALLS = 12;

const EDITING = /^(?:Edit|MultiEdit|Write|NotebookEdit)$/;
const STORING = /(?:^|__)(?:store_memory|update_memory|batch_operations)$/;
/** Stores too where it leaves something. */
const HANDING = /(?:^|__)handoff$/;

export interface SessionWork {
  readonly substantial: boolean;
  /** Something of it was stored. */
  readonly stored: boolean;
}

/** What a session did, from Claude Code's transcript: a JSON object a line, tools by their calls. Rejects when it cannot be read. */
export async function sessionWork(transcript: string): Promise<SessionWork> {
  const calls = (await readEnd(transcript)).split('\n').flatMap(callsOf);
  const edits = calls.filter(({ name }) => EDITING.test(name)).length;
  return {
    substantial: edits >= EDITS || calls.length >= CALLS,
    stored: calls.some(
      ({ name, input }) =>
        STORING.test(name) ||
        (HANDING.test(name) && 'to_agent' in input) ||
        /memory-central\b.* store\b/.test(String(input['command'] ?? '')),
    ),
  };
}

function callsOf(line: string): { name: string; input: Readonly<Record<string, unknown>> }[] {
  if (!line.includes('"tool_use"')) return [];
  let entry: { type?: unknown; message?: { content?: unknown } };
  try {
    entry = JSON.parse(line) as typeof entry;
  } catch {
    // The end begins within a line.
    return [];
  }
  const content = entry.type === 'assistant' ? entry.message?.content : undefined;
  if (!Array.isArray(content)) return [];
  return (content as { type?: unknown; name?: unknown; input?: Record<string, unknown> }[])
    .filter(({ type }) => type === 'tool_use')
    .map(({ name, input }) => ({ name: String(name), input: input ?? {} }));
}

async function readEnd(path: string): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  const start = Math.max(0, size - READ_BYTES);
  const { buffer } = await file.read({ buffer: Buffer.alloc(size - start), position: start });
  return buffer.toString('utf8');
}
