import type { Target } from './target.ts';

/** A package that stays outside the bundles, with what a running program reads of it. */
export interface RuntimePackage {
  readonly name: string;
  /** Below its folder; one that ends with a slash stands for all JavaScript in it. */
  readonly files: readonly string[];
}

const COMMON: readonly RuntimePackage[] = [
  { name: 'onnxruntime-common', files: ['package.json', 'dist/cjs/', 'dist/esm/'] },
  {
    // Where the native runtime is missing or cannot be loaded.
    name: 'onnxruntime-web',
    files: [
      'package.json',
      'dist/ort.node.min.mjs',
      'dist/ort-wasm-simd-threaded.mjs',
      'dist/ort-wasm-simd-threaded.wasm',
    ],
  },
];

const LIBSQL: readonly RuntimePackage[] = [
  { name: 'libsql', files: ['package.json', 'index.js', 'auth.js', 'sqlite-error.js'] },
  { name: '@neon-rs/load', files: ['package.json', 'dist/'] },
  { name: 'detect-libc', files: ['package.json', 'lib/'] },
];

/** What `node_modules` has to hold on this platform. */
export function runtimePackages({ libsql, onnx }: Target): readonly RuntimePackage[] {
  const native = onnx?.files.map(file => `bin/napi-v6/${onnx.folder}/${file}`);
  return [
    ...COMMON,
    ...(native ? [{ name: 'onnxruntime-node', files: ['package.json', 'dist/', ...native] }] : []),
    ...(libsql ? [...LIBSQL, { name: `@libsql/${libsql}`, files: ['package.json', 'index.node'] }] : []),
  ];
}
