import * as vscode from 'vscode';
import { MemoryError } from '../../engine/errors.ts';
import type { EditorMemory } from './editorMemory.ts';
import { MEMORY_SCHEME, memoryIdOf } from './memoryUri.ts';

interface Stored {
  readonly content: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Memories as Markdown documents: saving one updates it, and never over a change that somebody else made meanwhile. */
export class MemoryFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** By id: the version the editor saw last. */
  readonly #versions = new Map<string, number>();
  readonly #listener: vscode.Disposable;

  readonly onDidChangeFile = this.#changed.event;

  constructor(memory: EditorMemory) {
    this.#memory = memory;
    this.#listener = memory.onDidChange(() => void this.#refresh());
  }

  /** Every change of the store is told to all open documents. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const stored = await this.#read(uri);
    return {
      type: vscode.FileType.File,
      ctime: Date.parse(stored.created_at),
      mtime: Date.parse(stored.updated_at),
      size: Buffer.byteLength(stored.content),
      ...(!vscode.workspace.isTrusted && { permissions: vscode.FilePermission.Readonly }),
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.#read(uri)).content);
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
    const id = memoryIdOf(uri);
    const content = new TextDecoder().decode(bytes);
    const version = this.#versions.get(id);
    const input = { memory_id: id, content, ...(version !== undefined && { expected_version: version }) };
    try {
      const { structured } = await this.#memory.call<{ version: number }>('update_memory', input);
      this.#versions.set(id, structured.version);
    } catch (error) {
      throw fileError(uri, error);
    }
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }

  async #read(uri: vscode.Uri): Promise<Stored> {
    try {
      const { structured } = await this.#memory.call<Stored>('retrieve_memory', {
        memory_id: memoryIdOf(uri),
      });
      this.#versions.set(memoryIdOf(uri), structured.version);
      return structured;
    } catch (error) {
      throw fileError(uri, error);
    }
  }

  async #refresh(): Promise<void> {
    const open = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === MEMORY_SCHEME);
    for (const { uri } of open) {
      const before = this.#versions.get(memoryIdOf(uri));
      try {
        if ((await this.#read(uri)).version !== before)
          this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
      } catch (error) {
        if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound')
          this.#changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
      }
    }
  }
}

function fileError(uri: vscode.Uri, error: unknown): unknown {
  if (!MemoryError.is(error)) return error;
  if (error.code === 'not_found') return vscode.FileSystemError.FileNotFound(uri);
  const text = `${error.message} ${error.fix}`;
  return error.code === 'forbidden'
    ? vscode.FileSystemError.NoPermissions(text)
    : vscode.FileSystemError.Unavailable(text);
}
