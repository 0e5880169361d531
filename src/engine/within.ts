/**
 * What the work gives; where it takes longer, what `late` gives or throws. The work itself goes on.
 * @param ms longest wait
 */
export async function within<T, L>(work: Promise<T>, ms: number, late: () => L): Promise<T | L> {
  let timer: NodeJS.Timeout | number | undefined;
  const over = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms);
  });
  try {
    return await Promise.race([work, over.then(late)]);
  } finally {
    clearTimeout(timer as NodeJS.Timeout);
  }
}
