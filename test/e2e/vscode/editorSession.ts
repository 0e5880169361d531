import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Engine } from '../../../src/engine/engine.ts';
import { packageRoot } from '../../../src/main/assets.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { buildSuite } from './buildSuite.ts';
import { type EditorServer, type EditorServerOptions, startEditorServer } from './editorServer.ts';
import { openWindow, startBrowser, type WindowOptions } from './editorWindow.ts';
import { installedExtension } from './installedExtension.ts';
import { readWindow } from './readWindow.ts';
import { sampleWorkspace } from './sampleWorkspace.ts';
import { tidyWindow } from './tidyWindow.ts';
import { Workbench } from './workbench.ts';

const SHOTS = join(packageRoot, '.cache', 'screenshots');

export interface EditorSessionOptions
  extends Pick<EditorServerOptions, 'settings' | 'language' | 'workspaceTrust'>,
    Pick<WindowOptions, 'size'> {
  /** Opens a second engine on the memory of its windows, as another program has it. Default: false. */
  readonly engine?: boolean;
  /** Installs a language model that does as it is told, see `scriptedModel/`. Default: false. */
  readonly scriptedModel?: boolean;
  /** What the names of its pictures begin with. */
  readonly pictures?: string;
  /** Runs once the server does, before its first window is open. */
  readonly prepare?: (session: EditorSession) => Promise<void>;
}

/** One editor with our extension as a person has it installed, shared by the tests of a `describe`; its parts are there from `prepare` on. */
export class EditorSession {
  /** Gone at the end. */
  folder!: string;
  /** Our extension, installed. */
  extension!: string;
  /** The repository `github.com/example/orders`. */
  workspace!: string;
  server!: EditorServer;
  browser!: Browser;
  /** The first window; not yet in `prepare`. */
  window!: Workbench;
  readonly #options: EditorSessionOptions;
  readonly #owned: AsyncDisposable[] = [];
  #engine: Engine | undefined;

  constructor(options: EditorSessionOptions) {
    this.#options = options;
  }

  /** Where the option `engine` is set. */
  get engine(): Engine {
    if (!this.#engine) throw new Error('This session has no engine of its own: set the option "engine".');
    return this.#engine;
  }

  async start(): Promise<void> {
    const { engine, prepare, scriptedModel } = this.#options;
    await mkdir(SHOTS, { recursive: true });
    this.folder = this.own(await temporaryFolder()).path;
    this.workspace = await sampleWorkspace(join(this.folder, 'orders'));
    this.extension = await installedExtension(this.folder);
    const model = scriptedModel ? [(await buildSuite()).scriptedModel] : [];
    this.server = this.own(
      await startEditorServer({
        ...{ folder: join(this.folder, 'editor'), extensions: [this.extension, ...model], testMode: false },
        ...this.#options,
      }),
    );
    if (engine)
      this.#engine = this.own(await openEngine(this.server.memoryHome, { 'embedding.provider': 'off' }));
    await prepare?.(this);
    this.browser = await startBrowser();
    this.own({ [Symbol.asyncDispose]: () => this.browser.close() });
    this.window = await this.open();
  }

  /** Opens another window, and waits until our extension is there. */
  async open(): Promise<Workbench> {
    const { size } = this.#options;
    const page = await openWindow(this.browser, this.server, {
      ...{ workspace: this.workspace },
      ...(size && { size }),
    });
    const window = new Workbench(page);
    await window.ready();
    return window;
  }

  /** Takes a picture of the first window. */
  readonly shot = async (name: string): Promise<void> => {
    await this.window.page.screenshot({ path: join(SHOTS, `${this.#options.pictures ?? ''}${name}.png`) });
  };

  /** Disposes of it at the end, last first. */
  readonly own = <T extends AsyncDisposable>(thing: T): T => {
    this.#owned.push(thing);
    return thing;
  };

  /** Takes a picture of each window, and prints what each showed: nobody sees the pictures of another machine. */
  async tellFailure(title: string): Promise<void> {
    const pages = this.browser?.contexts().flatMap(context => context.pages()) ?? [];
    for (const [i, page] of pages.entries()) {
      const name = `failed ${this.#options.pictures ?? ''}${title}${i > 0 ? ` ${i + 1}` : ''}.png`;
      // That it cannot be told is no failure of its own.
      const picture = page.screenshot({ path: join(SHOTS, name) }).then(() => name, String);
      const text = await readWindow(page).catch(String);
      console.log(`${await picture} shows:\n${text}`.replace(/^/gm, '      '));
    }
  }

  /** Leaves the windows usable for the next test. */
  async tidy(): Promise<void> {
    for (const context of this.browser?.contexts() ?? [])
      for (const page of context.pages()) await tidyWindow(page);
  }

  async end(): Promise<void> {
    for (const thing of this.#owned.reverse()) await thing[Symbol.asyncDispose]();
  }
}

/** Called inside `describe`: the session starts before its tests and ends after them. */
export function editorSession(options: EditorSessionOptions = {}): EditorSession {
  const session = new EditorSession(options);
  before(async () => {
    try {
      await session.start();
    } catch (error) {
      await session.tellFailure('start');
      throw error;
    }
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await session.tellFailure(this.currentTest.title);
    await session.tidy();
  });
  after(() => session.end());
  return session;
}
