/** What names another memory, another Redis or another set of settings than the trial's own. */
const ELSEWHERE = /^(REDIS_.*|CACHE_.*|DATABASE_URL|MEMORY_CENTRAL_ENV|MEMORY_ENCRYPTION_KEY)$/;

/**
 * The environment of `npm start`: nothing in it leads out of the trial's own folder.
 *
 * @param {Record<string, string | undefined>} environment of whoever started it; not changed
 * @param {string} home folder of the trial
 * @param {string} namespace where it stores
 */
export function trialEnvironment(environment, home, namespace) {
  const kept = Object.entries(environment).filter(([name]) => !ELSEWHERE.test(name.toUpperCase()));
  return { ...Object.fromEntries(kept), MEMORY_CENTRAL_HOME: home, MEMORY_NAMESPACE: namespace };
}
