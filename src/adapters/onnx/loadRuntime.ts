import type * as Ort from 'onnxruntime-common';
import { MemoryError } from '../../engine/errors.ts';

/** An ONNX Runtime and where it computes. */
export interface Runtime {
  readonly ort: typeof Ort;
  readonly device: 'cpu' | 'wasm';
}

/**
 * The native runtime; where it has no binary for this machine, the WebAssembly one: the same model, several times slower.
 *
 * @param device `wasm` takes WebAssembly in any case
 */
export async function loadRuntime(device: 'auto' | 'wasm'): Promise<Runtime> {
  // The native runtime reports usage to its maker and writes a device id unless this is set before it loads.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  let native: unknown;
  if (device === 'auto') {
    try {
      return { ort: unwrap(await import('onnxruntime-node')), device: 'cpu' };
    } catch (error) {
      native = error;
    }
  }
  try {
    const ort = unwrap(await import('onnxruntime-web'));
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = 'error';
    return { ort, device: 'wasm' };
  } catch (error) {
    throw new MemoryError(
      'unavailable',
      `ONNX Runtime cannot be loaded: ${reason(native ?? error)}.`,
      'Install Memory Central again, or use an embedding service (setting for the embedding model).',
      { cause: error },
    );
  }
}

/** A CommonJS package imported from a module lies under `default`. */
function unwrap<T>(module: T): typeof Ort {
  return ((module as { default?: typeof Ort }).default ?? module) as typeof Ort;
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
