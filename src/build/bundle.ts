import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { bundleWebviews, joinedMetafile } from './bundleWebviews.ts';
import { oneVscode } from './oneVscode.ts';
import { writeListing } from './writeListing.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One program a process, on plain Node. */
export const NODE_PROGRAMS: readonly string[] = [
  'cli',
  'commands',
  'hook',
  'hookWork',
  'mcp',
  'mcpServer',
  'mcpWork',
  'server',
  'worker',
  'bullQueue',
  'embedder',
];

/** These run inside VS Code. */
const EDITOR_PROGRAMS = ['editor', 'extension', 'engineWorker'];

/** Left outside: they have native parts; the last is what msgpackr can do without. */
const EXTERNAL = ['libsql', 'onnxruntime-node', 'onnxruntime-web', 'msgpackr-extract'];

/**
 * Bundles the programs of `src/main`, as CommonJS, which starts fastest, and with the editor's the pages that it shows.
 * @param outdir absolute; default: `dist/`
 * @returns what went into each bundle
 */
export async function bundle(
  programs: readonly string[] = [...NODE_PROGRAMS, ...EDITOR_PROGRAMS],
  outdir: string = join(root, 'dist'),
): Promise<Metafile> {
  await mkdir(outdir, { recursive: true });
  await writeFile(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  await writeListing(root, outdir);
  await cp(join(root, 'src/adapters/redis/scripts'), join(outdir, 'scripts'), { recursive: true });
  await cp(join(root, 'node_modules/@bokuweb/zstd-wasm/dist/common/zstd.wasm'), join(outdir, 'zstd.wasm'));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: programs.map(name => `src/main/${name}.ts`),
    outdir,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.18',
    minify: true,
    keepNames: false,
    legalComments: 'linked',
    external: EXTERNAL,
    plugins: [oneVscode],
    // Packages that offer both forms: the ESM one can be tree-shaken.
    mainFields: ['module', 'main'],
    conditions: ['import', 'module', 'default'],
    // zod calls itself free of side effects; where a program also loads it late, esbuild then leaves out that it has to be
    // initialised first.
    ignoreAnnotations: true,
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: { js: 'const __importMetaUrl=require("node:url").pathToFileURL(__filename).href;' },
    logLevel: 'warning',
  });
  return programs.includes('extension') ? joinedMetafile(metafile, await bundleWebviews(outdir)) : metafile;
}
