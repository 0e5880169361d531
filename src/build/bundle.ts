import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { writeListing } from './writeListing.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One program a process; the editor's two run inside VS Code, the others on plain Node. */
const PROGRAMS = [
  'cli',
  'commands',
  'mcp',
  'mcpServer',
  'mcpWork',
  'server',
  'embedder',
  'extension',
  'engineWorker',
] as const;

/** Left outside: `vscode` exists only in the editor, the others have native parts. */
const EXTERNAL = ['vscode', 'libsql', 'onnxruntime-node', 'onnxruntime-web'];

/**
 * Bundles the programs of `src/main`, as CommonJS, which starts fastest.
 * @param outdir absolute; default: `dist/`
 * @returns what went into each bundle
 */
export async function bundle(
  programs: readonly string[] = PROGRAMS,
  outdir: string = join(root, 'dist'),
): Promise<Metafile> {
  await mkdir(outdir, { recursive: true });
  await writeFile(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  await writeListing(root, outdir);
  await cp(join(root, 'src/adapters/redis/scripts'), join(outdir, 'scripts'), { recursive: true });
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
  return metafile;
}
