import { type Browser, chromium, type Page } from 'playwright-core';
import type { EditorServer } from './editorServer.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface WindowOptions {
  /** Folder that is opened, absolute. */
  readonly workspace: string;
  /** Folder of the extension under development, absolute; the editor takes one. */
  readonly extension?: string;
  /** A module that exports `run()`, absolute; it runs in the extension host. */
  readonly suite?: string;
  /** Environment of the suite. */
  readonly env?: Readonly<Record<string, string>>;
  readonly size?: { readonly width: number; readonly height: number };
}

/** @param flags more of Chromium's */
export function startBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...FLAGS, ...flags] });
}

/** Opens a window of the editor and waits for its workbench. */
export async function openWindow(
  browser: Browser,
  server: EditorServer,
  options: WindowOptions,
): Promise<Page> {
  const context = await browser.newContext({ viewport: options.size ?? { width: 1280, height: 800 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  await page.goto(address(server, options));
  await page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
  return page;
}

/** Runs a suite in the extension host of a window of its own. @returns exit code and what it logged */
export async function runSuite(
  browser: Browser,
  server: EditorServer,
  options: WindowOptions,
): Promise<{ readonly code: number; readonly log: string }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    let log = '';
    await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
      log += `${args.map(String).join(' ')}\n`;
    });
    const ended = new Promise<number>(resolve => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    });
    await page.goto(address(server, options));
    return { code: await ended, log };
  } finally {
    await context.close();
  }
}

function address(server: EditorServer, { workspace, extension, suite, env }: WindowOptions): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = [
    ...(extension ? [['extensionDevelopmentPath', remote(extension)]] : []),
    ...(suite ? [['extensionTestsPath', remote(suite)]] : []),
    ...(env ? [['extensionEnvironment', JSON.stringify(env)]] : []),
  ];
  const query = payload.length > 0 ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : '';
  return `http://127.0.0.1:${server.port}/?folder=${encodeURIComponent(workspace)}${query}`;
}
