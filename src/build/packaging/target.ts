/** A platform that gets a package of its own. */
export interface Target {
  /** As the editor names it. */
  readonly name: string;
  /** Part of `@libsql/` with the database for Node without `node:sqlite`; undefined where libsql offers none. */
  readonly libsql?: string;
  /** Native ONNX Runtime: its folder below `bin/napi-v6`, and what is used of it; undefined: WebAssembly computes instead. */
  readonly onnx?: { readonly folder: string; readonly files: readonly string[] };
}

const linux = (arch: string) => onnx(`linux/${arch}`, 'libonnxruntime.so.1');
const darwin = (arch: string) => onnx(`darwin/${arch}`, 'libonnxruntime.1.dylib');
// DirectML and the shader compilers beside it are loaded only for computing on a GPU, which we do not.
const win32 = (arch: string) => onnx(`win32/${arch}`, 'onnxruntime.dll');

/** Every platform, in the order in which they are built. */
export const targets: readonly Target[] = [
  { name: 'linux-x64', libsql: 'linux-x64-gnu', onnx: linux('x64') },
  { name: 'linux-arm64', libsql: 'linux-arm64-gnu', onnx: linux('arm64') },
  { name: 'alpine-x64', libsql: 'linux-x64-musl' },
  { name: 'alpine-arm64', libsql: 'linux-arm64-musl' },
  { name: 'darwin-x64', libsql: 'darwin-x64' },
  { name: 'darwin-arm64', libsql: 'darwin-arm64', onnx: darwin('arm64') },
  { name: 'win32-x64', libsql: 'win32-x64-msvc', onnx: win32('x64') },
  { name: 'win32-arm64', onnx: win32('arm64') },
];

function onnx(folder: string, library: string): NonNullable<Target['onnx']> {
  return { folder, files: [library, 'onnxruntime_binding.node'] };
}
