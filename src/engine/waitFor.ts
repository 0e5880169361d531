/** Ends as soon as the news comes, the time is over or the signal fires. @param ms longest wait */
export async function waitFor(news: Promise<unknown>, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  let timer: NodeJS.Timeout | number | undefined;
  let stop = () => {};
  const over = new Promise<void>(resolve => {
    stop = resolve;
    timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([news, over]);
  } finally {
    clearTimeout(timer as NodeJS.Timeout);
    signal?.removeEventListener('abort', stop);
  }
}
