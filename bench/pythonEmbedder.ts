import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mediaFile, packageRoot } from '../src/main/assets.ts';
import { pythonEnvironment } from '../test/fixtures/pythonEnvironment.ts';

const PACKAGES = ['onnxruntime==1.30.0', 'tokenizers==0.23.3', 'numpy==2.4.6'];

/** Python's onnxruntime beside us, on the same model. */
export interface PythonEmbedder extends AsyncDisposable {
  /** Texts per second of embedding these as one batch again and again. */
  rate(texts: readonly string[], seconds: number): Promise<number>;
}

/** Starts it in a virtual environment of its own, made at the first run. Throws with the command that is missing. */
export async function startPythonEmbedder(): Promise<PythonEmbedder> {
  const python = pythonEnvironment('bench-python', PACKAGES);
  const script = join(packageRoot, 'bench', 'embedding.py');
  const child = spawn(python, [script, mediaFile('models', 'all-MiniLM-L6-v2')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<{ rate?: number }> => {
    const line = await lines.next();
    if (line.done) throw new Error('bench/embedding.py ended early');
    return JSON.parse(line.value);
  };
  await next();
  return {
    async rate(texts, seconds) {
      child.stdin.write(`${JSON.stringify({ texts, seconds })}\n`);
      return (await next()).rate!;
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.stdin.end();
      await ended;
    },
  };
}
