import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { identity } from '../../../../src/adapters/node/identity.ts';
import type { Engine } from '../../../../src/engine/engine.ts';
import { packageRoot } from '../../../../src/main/assets.ts';
import { callToolsOn } from '../../../../src/tools/callTool.ts';
import { openEngine } from '../../../fixtures/engine.ts';
import { addProgram } from '../../../fixtures/gpuTools.ts';
import { temporaryFolder } from '../../../fixtures/temporaryFolder.ts';
import { buildSuite } from '../buildSuite.ts';
import { startEditorServer } from '../editorServer.ts';
import { openWindow } from '../editorWindow.ts';
import { writeExampleMemories } from '../exampleMemories.ts';
import { installedExtension } from '../installedExtension.ts';
import { sampleWorkspace } from '../sampleWorkspace.ts';
import { Workbench } from '../workbench.ts';
import { HOME } from './otherMachine.ts';
import { callerOf, NAMESPACE } from './people.ts';

const FILE = 'src/retry.ts';
/** Until a page has the colours, too. */
const DRAWN_MS = 700;
const GPU = 'nvidia-smi';
/** Trains: its figures change from one question to the next. */
const GPU_AT_WORK = `n=$(($(date +%s) % 23)); case "$1" in --query-gpu=*) echo "$((64 + n)), $((98304 + n * 211)), 143771, $((51 + n / 4)), $((410 + n * 9)).50, 700.00, 550.54.15, NVIDIA H200";; *) echo 'CUDA Version: 12.4';; esac`;

/** Windows of the real editor over a memory that a team has used for some weeks. */
export interface PictureStage extends AsyncDisposable {
  /** The window on the repository that the memories are of. */
  readonly bench: Workbench;
  /** Works on the same memory, in a process of its own. */
  readonly engine: Engine;
  /** Opens another window, on a folder about which nothing is known yet. */
  openNew(folder: string): Promise<Workbench>;
  /** Changes the theme of all windows, and nothing else: what is open stays open. */
  wear(theme: Theme): Promise<void>;
  /** The machine has a GPU until then. */
  takeGpuOut(): Promise<void>;
}

/** A theme of the editor, and the class that its window has. */
export interface Theme {
  readonly name: string;
  readonly className: string;
}

export async function pictureStage(browser: Browser): Promise<PictureStage> {
  const owned: AsyncDisposable[] = [];
  const own = <T extends AsyncDisposable>(thing: T): T => {
    owned.push(thing);
    return thing;
  };
  const dispose = async () => {
    for (const thing of owned.reverse()) await thing[Symbol.asyncDispose]();
  };
  try {
    return { ...(await openStage(browser, own)), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** @param own disposes of it at the end, last first */
async function openStage(
  browser: Browser,
  own: <T extends AsyncDisposable>(thing: T) => T,
): Promise<Omit<PictureStage, keyof AsyncDisposable>> {
  const { path } = own(await temporaryFolder());
  const { scriptedModel } = await buildSuite();
  const server = own(
    await startEditorServer({
      folder: join(path, 'editor'),
      home: HOME,
      extensions: [await installedExtension(path), scriptedModel],
      settings: {
        'workbench.secondarySideBar.defaultVisibility': 'hidden',
        'breadcrumbs.enabled': false,
        'editor.hover.delay': 100,
        'editor.wordWrap': 'on',
        'chat.viewSessions.enabled': false,
        'memoryCentral.code.lens': true,
      },
      testMode: false,
    }),
  );
  await addProgram(server.programs, GPU, GPU_AT_WORK);
  await importExamples(join(path, 'examples.jsonl'), server.memoryHome);
  const engine = own(await openEngine(server.memoryHome, { 'embedding.provider': 'off' }));
  await rememberCode(engine);

  const opened: { readonly page: Page; readonly settings: string }[] = [];
  const openOn = async (workspace: string) => {
    // The editor follows this file; that of the person is read at its start only.
    const settings = join(workspace, '.vscode', 'settings.json');
    await mkdir(dirname(settings), { recursive: true });
    await writeFile(settings, themeOf('Dark Modern'));
    const page = await openWindow(browser, server, { workspace });
    own({ [Symbol.asyncDispose]: () => page.context().close() });
    opened.push({ page, settings });
    const bench = new Workbench(page);
    await bench.ready();
    return bench;
  };
  const bench = await openOn(await sampleWorkspace(join(HOME, 'orders')));
  return {
    bench,
    engine,
    openNew: folder => openOn(join(HOME, folder)),
    async wear({ name, className }) {
      for (const { page, settings } of opened) {
        if (page.isClosed()) continue;
        await writeFile(settings, themeOf(name));
        await page.locator(`.monaco-workbench.${className}`).waitFor();
      }
      await bench.page.waitForTimeout(DRAWN_MS);
    },
    takeGpuOut: () => rm(join(server.programs, GPU)),
  };
}

function themeOf(name: string): string {
  return JSON.stringify({ 'workbench.colorTheme': name });
}

async function importExamples(file: string, memoryHome: string): Promise<void> {
  await writeExampleMemories(file, NAMESPACE);
  await promisify(execFile)(
    process.execPath,
    [join(packageRoot, 'dist', 'cli.js'), 'import', 'jsonl', file, '--wait'],
    { env: { ...process.env, MEMORY_CENTRAL_HOME: memoryHome } },
  );
}

async function rememberCode(engine: Engine): Promise<void> {
  const store = callToolsOn(async () => engine);
  for (const [line, code, content] of [
    [1, 'export const RETRIES = 5;', 'Five, since the bank drops one call in a hundred.'],
    [
      3,
      '  return Math.random() * 2 ** attempt * 100;',
      'Full jitter on purpose: without it all retries met the bank in the same second.',
    ],
  ] as const)
    await store(
      'store_memory',
      {
        content,
        anchors: [{ path: FILE, startLine: line, endLine: line, textHash: identity.sha256(code) }],
        memory_type: 'code',
        tags: ['retries'],
      },
      callerOf('claude-code'),
    );
}
