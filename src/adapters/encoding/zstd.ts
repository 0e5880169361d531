type Zstd = typeof import('@bokuweb/zstd-wasm');

let loading: Promise<Zstd> | undefined;

/** Zstandard in WebAssembly, loaded once: a second start would take its memory from under the first. */
export function zstd(): Promise<Zstd> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Zstd> {
  const loaded = await import('@bokuweb/zstd-wasm');
  await loaded.init();
  return loaded;
}
