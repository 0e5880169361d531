import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { tokenPath } from '../adapters/node/tokenFile.ts';
import { verifyModel } from '../adapters/onnx/verifyModel.ts';
import { MemoryError } from '../engine/errors.ts';
import { type Finding, fail, ok, warn } from '../surfaces/cli/doctor/finding.ts';
import { mediaFile } from './assets.ts';
import { checkLeftBehind } from './checkLeftBehind.ts';
import { checkEviction, checkRedis } from './checkRedis.ts';
import { checkReplicas } from './checkReplicas.ts';
import { checkSettings } from './checkSettings.ts';
import { checkWorkLeftBehind } from './checkWorkLeftBehind.ts';
import type { Installed } from './installed.ts';

const OLDEST_NODE = [20, 18] as const;

/** doctor's checks of what lies below the engine: the runtime, the files and their permissions, a central Redis. */
export async function* checkMachine(runtime: Installed): AsyncGenerator<Finding> {
  const { dataDirectory, settings } = runtime;
  yield checkNode();
  yield checkFolder(dataDirectory);
  const provider = settings['embedding.provider'];
  if (provider !== 'off' && provider !== 'openai') yield checkModel();
  yield checkToken(dataDirectory);
  yield* checkSettings(runtime);
  yield* checkRedis(settings);
  yield* checkLeftBehind(runtime);
  yield* checkWorkLeftBehind(runtime);
  yield* checkReplicas(settings, dataDirectory);
}

/** What status says beside its counts, since memories would be missing or get lost. It costs one look at Redis. @param reached whether it answers */
export async function* checkBriefly(runtime: Installed, reached: boolean): AsyncGenerator<Finding> {
  yield* checkLeftBehind(runtime);
  if (reached) yield* checkEviction(runtime.settings);
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor))
    return ok('node', `${process.version} on ${process.platform}-${process.arch}`);
  return fail('node', `${process.version} is too old`, `Install Node ${OLDEST_NODE.join('.')} or newer.`);
}

function checkFolder(folder: string): Finding {
  if (!existsSync(folder)) return ok('data', `${folder} will be made with the first memory`);
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return fail('data', `${folder} cannot be written`, 'Give its owner back the right to read and write it.');
  }
  if (othersMay(folder)) return warn('data', `others may look into ${folder}`, `chmod 700 ${folder}`);
  return ok('data', `${folder} is yours alone`);
}

function checkModel(): Finding {
  const folder = mediaFile('models', 'all-MiniLM-L6-v2');
  try {
    verifyModel(folder);
    return ok('model', `the files in ${folder} are whole`);
  } catch (error) {
    return fail('model', (error as Error).message, MemoryError.is(error) ? error.fix : 'Install it again.');
  }
}

function checkToken(folder: string): Finding {
  const path = tokenPath(folder);
  if (!existsSync(path)) return ok('token', 'none yet: memory-central serve makes it');
  if (othersMay(path))
    return fail('token', `others may read ${path}`, `Delete it: a new one is made; then connect again.`);
  return ok('token', `${path} is yours alone`);
}

/** Windows keeps a user's own folders from others by its own means. */
function othersMay(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
}
