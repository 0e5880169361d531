import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from '../../../src/engine/engine.ts';
import { OFFLINE_MS, STALE_MS } from '../../../src/engine/model/agent.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { node24 } from '../../fixtures/node24.ts';

const NAMESPACE = 'github.com/example/orders';
const run = promisify(execFile);
const HOUR_MS = 3_600_000;

/** Nobody beats for it: how long ago it was seen is said here. */
const byHand: Caller = callerNamed('gemini-cli', NAMESPACE);
const lead: Caller = { ...callerNamed('claude-code', NAMESPACE), lasting: true };

interface Registered {
  readonly id: string;
  readonly name: string;
  readonly type: 'claude' | 'gemini' | 'vscode' | 'rust_llm' | 'local_llm' | 'custom';
  /** How long ago it was heard of, ms; default: now. */
  readonly silentMs?: number;
}

const AGENTS: readonly Registered[] = [
  { id: 'gemini', name: 'Gemini CLI on tower', type: 'gemini' },
  { id: 'llama', name: 'Llama on the machine with the two graphics cards under the desk', type: 'local_llm' },
  {
    id: 'rust',
    name: 'rust-llm-7b-instruct-q4_K_M@workstation-in-the-basement.example.org',
    type: 'rust_llm',
  },
  { id: 'sara', name: 'سارة على البرج', type: 'custom' },
  { id: 'robot', name: '🤖🧪 Tester 👩‍👩‍👧‍👦', type: 'custom' },
  { id: 'quiet', name: 'Codex on laptop', type: 'custom', silentMs: STALE_MS + 5_000 },
  { id: 'asleep', name: 'Cursor on laptop', type: 'custom', silentMs: STALE_MS + 1_000 },
  { id: 'gone', name: 'Claude Code on old-laptop', type: 'claude', silentMs: OFFLINE_MS + HOUR_MS },
];

const LONG =
  `Look through all of the invoices of the last ten years ${'and then once more '.repeat(8)}`.trim();
/** So many tasks there are in the end. */
export const CROWD_TASKS = 30;

/** Ten agents and thirty tasks, in every state; names and titles as people and models write them. */
export async function crowd({ agents, tasks }: Engine, memoryHome: string): Promise<void> {
  await agents.register({ name: 'Claude Code on tower', capabilities: ['browser'] }, NAMESPACE, lead);
  for (const { id, name, type } of AGENTS) await agents.register({ id, name, type }, NAMESPACE, byHand);
  await agents.heartbeat('llama', { status: 'draining', load: 0.8 }, NAMESPACE, byHand);
  const submit = async (title: string, more: object = {}) =>
    (await tasks.submit({ title, ...more }, byHand)).task.id;
  const take = async (title: string, by = lead) => {
    const agent = by === lead ? agents.idOf(lead) : 'sara';
    // Another would be offered it first.
    const id = await submit(title, { preferredAgent: agent });
    const [claimed] = await tasks.claim({ namespace: NAMESPACE, limit: 1, ids: [id], agent }, by);
    return { id, agent, fence: claimed!.task.fence, leaseId: claimed!.leaseId };
  };
  for (const title of ['Which of the two?', LONG, 'أي متصفح؟'])
    await tasks.ask(await take(title), `Which is meant: ${title}`, lead);
  for (const title of ['Burn the CD', `${LONG} in vain`])
    await tasks.fail(await take(title), { reason: `The tower burnt down. ${LONG}`, retryable: false }, lead);
  for (const title of ['Measure the load', 'Try the bank'])
    await tasks.fail(await take(title), { reason: 'No line', retryable: true, retryAfterMs: HOUR_MS }, lead);
  await tasks.progress(await take('Write the page on payment retries'), { progress: 60, note: LONG }, lead);
  await tasks.progress(await take(`${LONG}, slowly`), { progress: 5 }, lead);
  await tasks.progress(await take('اختبار الدفع', byHand), { progress: 99 }, byHand);
  const draw = await submit('Draw the map', { capabilities: ['pencil'] });
  await submit(`Sign ${LONG}`, { capabilities: ['signing'] });
  await submit('🎉 Celebrate $(rocket) the <b>release</b> 🎂');
  await submit('שחרר את הגרסה החדשה, v2.0 (beta), היום');
  for (const name of ['Lyon', 'Paris', 'Nice', 'Brest']) await submit(`Call the bank in ${name}`);
  await submit('Paint the map', { dependsOn: [draw] });
  await submit('Frame the map', { dependsOn: [draw, await submit(LONG)] });
  for (const title of ['Count the orders', LONG]) await tasks.complete(await take(title), {}, {}, lead);
  for (let left = CROWD_TASKS - 23; left > 0; left--)
    await tasks.cancel({ id: await submit(`Not needed ${left}`) }, 'Nobody asked for it', byHand);
  await silence(memoryHome);
}

/** In a process of its own: who closes the database twice in one loses its locks. */
async function silence(memoryHome: string): Promise<void> {
  const silent = AGENTS.filter(({ silentMs }) => silentMs !== undefined);
  const updates = silent.map(
    ({ id, silentMs }) => `UPDATE agents SET heartbeat_at = heartbeat_at - ${silentMs} WHERE id = '${id}';`,
  );
  const program = `const { DatabaseSync } = require('node:sqlite');
    new DatabaseSync(process.argv[1]).exec(process.argv[2]);`;
  await run(await node24(), ['-e', program, join(memoryHome, 'memory.db'), updates.join('\n')]);
}
