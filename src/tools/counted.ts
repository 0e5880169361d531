/** Such as `1 hit` and `2 hits`. @param many default: with an s */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
