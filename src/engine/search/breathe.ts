/** Lets timers and I/O of the process run. */
export function breathe(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}
