import type { Agents } from '../agents/agents.ts';
import type { EngineStatus, VerifyReport } from '../engine.ts';
import { MemoryError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { checkAgents } from './checkAgents.ts';
import type { Devices } from './devices.ts';
import { fail, type HealthCheck, ok, warn } from './healthCheck.ts';

const GIB = 2 ** 30;
/** Less room than this is told; with less than a tenth of it a store may soon be unable to write. */
const LITTLE_BYTES = GIB;
/** So many memories without a vector are more than a morning's work of an agent. */
const MANY_PENDING = 10_000;

export interface CheckedParts {
  status(options?: { readonly integrity?: boolean }): Promise<EngineStatus>;
  verifyIndex(): Promise<VerifyReport>;
  /** undefined: switched off. */
  readonly embedder: Embedder | undefined;
  readonly agents: Pick<Agents, 'list'>;
  readonly tasks: Pick<Tasks, 'loadsOf'>;
  readonly devices: Devices;
  readonly clock: Clock;
}

/** What every engine is checked for, in the order in which a person wants to know. */
export function healthChecks(parts: CheckedParts): readonly HealthCheck[] {
  return [
    { name: 'store', look: () => checkStore(parts) },
    { name: 'central', look: () => checkCentral(parts) },
    { name: 'embedding', look: signal => checkEmbedding(parts, signal) },
    { name: 'index', look: () => checkIndex(parts) },
    { name: 'search', look: () => checkSearch(parts) },
    { name: 'agents', look: () => checkAgents(parts) },
    { name: 'backlog', look: () => checkBacklog(parts) },
    { name: 'room', look: () => checkRoom(parts) },
    { name: 'gpu', look: () => checkGpu(parts) },
  ];
}

async function checkStore({ status }: CheckedParts) {
  const { store } = await status({ integrity: true });
  if (store.problems.length > 0)
    return fail(
      `${store.location} is damaged: ${store.problems.slice(0, 3).join('; ')}`,
      'Stop every program that uses it, then export what can be read (memory-central export) or restore a backup.',
    );
  if (store.locked === undefined)
    return ok(`${store.location} is sound (${store.driver}, schema ${store.schemaVersion})`);
  return warn(
    store.locked,
    'Put the key file back, or set MEMORY_ENCRYPTION_KEY: they are kept, and come back with their key.',
  );
}

/** What only following the central memory shows, such as that its log went back. */
async function checkCentral({ status }: CheckedParts) {
  const { central } = (await status()).store;
  if (central === undefined) return undefined;
  const { fix, location, problem, waiting } = central;
  const writes = `${waiting} ${waiting === 1 ? 'write waits' : 'writes wait'} on this machine`;
  if (problem === undefined) return ok(`this machine follows ${location}; ${writes}`);
  const instead = 'This is a bug: please report it. Nothing is lost; writes wait on this machine.';
  return fail(`offline: ${problem} ${writes}.`, fix ?? instead);
}

async function checkEmbedding({ clock, embedder }: CheckedParts, signal: AbortSignal) {
  if (!embedder) return ok('switched off by setting: recall is lexical');
  try {
    // A text that no cache knows.
    await embedder.embed([`Does the model work at ${clock.now()}?`], signal);
    return ok(`${embedder.model.id} works (${embedder.state().device ?? 'cpu'})`);
  } catch (error) {
    if (!MemoryError.is(error)) throw error;
    return warn(
      `recall is lexical only: ${error.message} ${error.fix}`,
      'What is stored meanwhile is embedded once it works.',
    );
  }
}

async function checkIndex({ verifyIndex }: CheckedParts) {
  const { checked, repaired } = await verifyIndex();
  if (repaired.length === 0) return ok(`agrees with the store (memories: ${checked})`);
  return warn(
    `disagreed with the store and was rebuilt: ${repaired.join('; ')}`,
    'Nothing is to be done; report it if it comes back.',
  );
}

/** Where there is a central Redis, which may search. */
async function checkSearch({ status }: CheckedParts) {
  const { search, store } = await status();
  if (!store.central) return undefined;
  const { place, problem, reason, server } = search;
  const documents = server ? `, ${server.name}, ${server.documents} documents` : '';
  const where = `${place === 'server' ? 'on the server' : 'in the process'} (${reason})${documents}`;
  return problem === undefined
    ? ok(where)
    : warn(`${where}: ${problem}`, 'docs/search-index.md tells what to do.');
}

async function checkBacklog({ status }: CheckedParts) {
  const { embedding } = await status();
  const { pending, refused } = embedding;
  const waiting =
    pending === 0 ? 'no memory waits' : `${pending} ${pending === 1 ? 'memory waits' : 'memories wait'}`;
  const detail = `${waiting} for an embedding${refused > 0 ? `, ${refused} refused by the model` : ''}`;
  if (refused > 0) return warn(detail, 'These are found by words only: shorten or change them.');
  if (pending <= MANY_PENDING) return ok(detail);
  return warn(detail, 'They are found by words meanwhile; leave a program running until they are done.');
}

async function checkRoom({ devices, status }: CheckedParts) {
  const { store } = await status();
  const room = await devices.room(store.location);
  return room ? judgeRoom(room, store.location) : ok('this system does not tell');
}

/** @param location where the store is */
export function judgeRoom(
  room: { readonly freeBytes: number; readonly totalBytes: number },
  location: string,
) {
  const [free, total] = [room.freeBytes / GIB, room.totalBytes / GIB];
  const detail = `${free.toFixed(1)} of ${total.toFixed(1)} GiB are free at ${location}`;
  if (room.freeBytes >= LITTLE_BYTES) return ok(detail);
  const fix = 'Make room there, or move the data directory (MEMORY_CENTRAL_HOME).';
  return room.freeBytes < LITTLE_BYTES / 10 ? fail(detail, fix) : warn(detail, fix);
}

/** No GPU is needed, so a machine without one is well. */
async function checkGpu({ devices }: CheckedParts) {
  const { gpus, problems } = await devices.look();
  if (problems.length > 0)
    return warn(problems.join('; '), 'Repair its driver. Nothing here needs it: all goes on without.');
  if (gpus.length === 0) return ok('none on this machine, and none is needed');
  return ok(gpus.map(({ name }) => name).join(', '));
}
