/** The address of a Redis, rather than a file's. */
export function isRedisUrl(path: string): boolean {
  return /^rediss?:\/\//i.test(path);
}
