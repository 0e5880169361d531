import { join } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { MemoryError } from '../../engine/errors.ts';
import type { Runtime } from './loadRuntime.ts';

/**
 * Mean pooling over all tokens, then unit length.
 *
 * @param states token states, `dimensions` each, one after another; not empty
 */
export function pool(states: Float32Array, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (let at = 0; at < states.length; at += dimensions) {
    for (let i = 0; i < dimensions; i++) vector[i]! += states[at + i]!;
  }
  let squares = 0;
  for (const x of vector) squares += x * x;
  // The mean's divisor cancels out against the norm.
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < dimensions; i++) vector[i]! *= scale;
  return vector;
}

/**
 * A loaded sentence-transformers model. It runs one text at a time: activations are quantised for the whole input, so in a
 * batch a text's vector would depend on its neighbours, and on a processor batches are 10 % faster at most (16 tokens).
 */
export class SentenceModel {
  readonly #ort: Runtime['ort'];
  readonly #session: InferenceSession;
  readonly #dimensions: number;
  readonly #ids: BigInt64Array<ArrayBuffer>;
  readonly #mask: BigInt64Array<ArrayBuffer>;
  readonly #types: BigInt64Array<ArrayBuffer>;

  private constructor(ort: Runtime['ort'], session: InferenceSession, dimensions: number, limit: number) {
    this.#ort = ort;
    this.#session = session;
    this.#dimensions = dimensions;
    this.#ids = new BigInt64Array(limit);
    this.#mask = new BigInt64Array(limit).fill(1n);
    this.#types = new BigInt64Array(limit);
  }

  /**
   * @param options.threads 1.. computing threads
   * @param options.limit longest input in tokens
   */
  static async load(
    { ort }: Runtime,
    directory: string,
    options: { readonly dimensions: number; readonly limit: number; readonly threads: number },
  ): Promise<SentenceModel> {
    try {
      const session = await ort.InferenceSession.create(join(directory, 'onnx', 'model_quantized.onnx'), {
        intraOpNumThreads: options.threads,
        interOpNumThreads: 1,
        // A pattern is kept for each length of input, for no gain in speed.
        enableMemPattern: false,
        // Waiting threads would take the cores from who has work.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
        logSeverityLevel: 3,
      });
      return new SentenceModel(ort, session, options.dimensions, options.limit);
    } catch (error) {
      throw new MemoryError(
        'unavailable',
        `The embedding model in ${directory} cannot be loaded: ${(error as Error).message}`,
        'Install Memory Central again to restore its model files.',
        { cause: error },
      );
    }
  }

  /** The unit vector of one text's tokens. Not to be called again before it resolves: the buffers are shared. */
  async embed(ids: readonly number[]): Promise<Float32Array> {
    for (let i = 0; i < ids.length; i++) this.#ids[i] = BigInt(ids[i]!);
    const output = await this.#session.run({
      input_ids: this.#tensor(this.#ids, ids.length),
      attention_mask: this.#tensor(this.#mask, ids.length),
      token_type_ids: this.#tensor(this.#types, ids.length),
    });
    const states = output['last_hidden_state']!;
    const vector = pool(states.data as Float32Array, this.#dimensions);
    states.dispose();
    return vector;
  }

  #tensor(buffer: BigInt64Array<ArrayBuffer>, length: number): Tensor {
    return new this.#ort.Tensor('int64', buffer.subarray(0, length), [1, length]);
  }
}
