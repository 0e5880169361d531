import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CODICONS = join(root, 'node_modules/@vscode/codicons');

/** Each page of `webview/`, with the codicon of its tab. */
const WEBVIEWS: Readonly<Record<string, string>> = { browser: 'search', dashboard: 'dashboard' };

/** Of icons in tabs: the editor takes files there, which know no theme. */
const ICON_COLOURS = { light: '#424242', dark: '#c5c5c5' };

/**
 * Bundles `webview/<name>/main.ts` into `webview/<name>.js` and `.css`, with the icon font beside them.
 * @param outdir absolute; holds the folder `webview`
 */
export async function bundleWebviews(outdir: string): Promise<Metafile> {
  const folder = join(outdir, 'webview');
  await mkdir(folder, { recursive: true });
  for (const [name, icon] of Object.entries(WEBVIEWS)) {
    const svg = await readFile(join(CODICONS, 'src/icons', `${icon}.svg`), 'utf8');
    for (const [theme, colour] of Object.entries(ICON_COLOURS))
      await writeFile(join(folder, `${name}-${theme}.svg`), svg.replaceAll('currentColor', colour));
  }
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      ...Object.keys(WEBVIEWS).map(name => ({ in: `webview/${name}/main.ts`, out: name })),
      { in: join(CODICONS, 'dist/codicon.css'), out: 'codicons' },
    ],
    outdir: folder,
    tsconfig: 'webview/tsconfig.json',
    metafile: true,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    minify: true,
    legalComments: 'none',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  return metafile;
}

/** What went into either. */
export function joinedMetafile(one: Metafile, other: Metafile): Metafile {
  return {
    inputs: { ...one.inputs, ...other.inputs },
    outputs: { ...one.outputs, ...other.outputs },
  };
}
