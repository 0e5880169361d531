/** Whether a key matches: `*` stands for anything, every other character for itself. */
export function patternMatcher(pattern: string | undefined): (key: string) => boolean {
  if (pattern === undefined) return () => true;
  const parts = pattern.split('*').map(part => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*?')}$`, 's');
  return key => whole.test(key);
}
