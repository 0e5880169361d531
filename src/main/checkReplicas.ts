import type { Settings } from '../config/settings.ts';
import { type Finding, warn } from '../surfaces/cli/doctor/finding.ts';
import { redisOptions, replicaName } from './openStore.ts';
import { otherReplicas } from './otherReplicas.ts';

/**
 * doctor's look at replicas that the settings do not lead to, such as that of an address which was mistyped: what waits there waits for
 * that address alone.
 */
export async function* checkReplicas(settings: Settings, folder: string): AsyncGenerator<Finding> {
  const used = await usedReplica(settings);
  for await (const { path, waiting } of otherReplicas(folder, used)) {
    yield warn(
      'replicas',
      `${waiting} ${waiting === 1 ? 'write waits' : 'writes wait'} in ${path} for another central Redis than the settings name`,
      `Set the address that was set then; or bring them here, and move the file away: ${bringing(path, settings)}`,
    );
  }
}

/** An export has what its caller sees, a migration all of it; that needs a central Redis to lead to. */
function bringing(path: string, settings: Settings): string {
  if (redisOptions(settings)) return `memory-central migrate --from embedded --to redis --database ${path}`;
  return `memory-central export --database ${path} --namespace '*' left.jsonl && memory-central import jsonl left.jsonl`;
}

/** undefined: none, or the settings name no address, of which another check tells. */
export async function usedReplica(settings: Settings): Promise<string | undefined> {
  const options = redisOptions(settings);
  if (!options) return undefined;
  const { addressOf } = await import('../adapters/redis/connectRedis.ts');
  try {
    return replicaName(addressOf(options), settings['redis.prefix']);
  } catch {
    return undefined;
  }
}
