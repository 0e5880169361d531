import { serveEmbedder } from '../adapters/onnx/serveEmbedder.ts';

const [modelDirectory, device, threads] = process.argv.slice(2);
if (modelDirectory === undefined || process.send === undefined) {
  process.stderr.write('This program is started by Memory Central to compute embeddings.\n');
  process.exit(2);
}
void serveEmbedder({
  modelDirectory,
  device: device === 'wasm' ? 'wasm' : 'auto',
  threads: Number(threads ?? 1),
});
