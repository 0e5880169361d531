import * as vscode from 'vscode';
import type { EngineClient } from './engineClient.ts';

export const SCHEME = 'memory';

/** The address of a memory as a document of the editor; Markdown, named by its id. */
export function memoryUri(id: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${encodeURIComponent(id)}.md` });
}

export function memoryIdOfUri(uri: vscode.Uri): string {
  return decodeURIComponent(uri.path.slice(1).replace(/\.md$/, ''));
}

/** Memories as editable documents: saving one updates the memory, unless it changed elsewhere meanwhile. */
export class MemoryDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #client: EngineClient;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #opened = new Map<string, { version: number; text: string }>();
  readonly #listening: vscode.Disposable;
  readonly onDidChangeFile = this.#changed.event;

  constructor(client: EngineClient) {
    this.#client = client;
    this.#listening = client.onChanged(() =>
      this.#changed.fire(
        [...this.#opened.keys()].map(id => ({ type: vscode.FileChangeType.Changed, uri: memoryUri(id) })),
      ),
    );
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, version } = await this.#load(uri);
    const size = Buffer.byteLength(text);
    // The version is the time: what counts is that it rises with every change.
    return { type: vscode.FileType.File, ctime: 0, mtime: version, size };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.#load(uri)).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const id = memoryIdOfUri(uri);
    const expected = this.#opened.get(id)?.version;
    const text = Buffer.from(content).toString('utf8');
    await this.#client.call('update_memory', {
      memory_id: id,
      content: text,
      ...(expected !== undefined && { expected_version: expected }),
    });
    await this.#load(uri);
  }

  watch(): vscode.Disposable {
    return { dispose: () => {} };
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions('Memories have no folders.');
  }

  async delete(uri: vscode.Uri): Promise<void> {
    await this.#client.call('clear_memory', { memory_id: memoryIdOfUri(uri), confirm: true });
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions('A memory keeps its id.');
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }

  async #load(uri: vscode.Uri): Promise<{ version: number; text: string }> {
    const id = memoryIdOfUri(uri);
    try {
      const { structured } = await this.#client.call('retrieve_memory', { memory_id: id });
      const loaded = { version: structured['version'] as number, text: structured['content'] as string };
      this.#opened.set(id, loaded);
      return loaded;
    } catch (error) {
      this.#opened.delete(id);
      if ((error as { code?: string }).code === 'not_found') throw vscode.FileSystemError.FileNotFound(uri);
      throw error;
    }
  }
}
