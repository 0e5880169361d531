import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { inertMessage } from '../inertText.ts';
import { checkContent } from './checkContent.ts';
import { MEMORY_SCHEME, memoryIdOf } from './memoryUri.ts';

interface Stored {
  readonly content: string;
  readonly version: number;
  readonly created_at: string;
}

/** A memory as the editor knows it. */
interface Known {
  readonly version: number;
  /** Bytes. */
  readonly size: number;
}

/** Memories as Markdown documents: saving one updates it, and never over a change that somebody else made meanwhile. */
export class MemoryFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** By id: what the editor read or saved last. */
  readonly #loaded = new Map<string, Known>();
  /** By id: what it compared that with last. */
  readonly #compared = new Map<string, Known>();
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
    const known = knownOf(stored);
    this.#compared.set(memoryIdOf(uri), known);
    const created = Date.parse(stored.created_at);
    return {
      type: vscode.FileType.File,
      ctime: created,
      // Later with each version, whatever the clocks of those who changed it say.
      mtime: created + known.version,
      size: known.size,
      ...(!vscode.workspace.isTrusted && { permissions: vscode.FilePermission.Readonly }),
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const stored = await this.#read(uri);
    this.#loaded.set(memoryIdOf(uri), knownOf(stored));
    return Buffer.from(stored.content);
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
    const id = memoryIdOf(uri);
    const content = new TextDecoder().decode(bytes);
    try {
      checkContent(content);
      const version = this.#versionToReplace(id);
      const input = { memory_id: id, content, ...(version !== undefined && { expected_version: version }) };
      const { structured } = await this.#memory.call<{ version: number }>('update_memory', input);
      this.#loaded.set(id, { version: structured.version, size: bytes.length });
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

  /**
   * What the editor means to replace. It looks once more before it saves, and asks a person about a change that it notices; one that left as
   * many bytes it takes for none. That is said once: whoever saves again means it.
   */
  #versionToReplace(id: string): number | undefined {
    const loaded = this.#loaded.get(id);
    const compared = this.#compared.get(id);
    if (loaded && compared && compared.version !== loaded.version && compared.size === loaded.size) {
      this.#loaded.set(id, compared);
      throw new MemoryError(
        'conflict',
        vscode.l10n.t('Somebody else has changed this memory meanwhile.'),
        vscode.l10n.t('Compare it with what is saved, or save it again to replace that.'),
      );
    }
    return (compared ?? loaded)?.version;
  }

  async #read(uri: vscode.Uri): Promise<Stored> {
    try {
      const input = { memory_id: memoryIdOf(uri) };
      return (await this.#memory.call<Stored>('retrieve_memory', input)).structured;
    } catch (error) {
      throw fileError(uri, error);
    }
  }

  async #refresh(): Promise<void> {
    const open = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === MEMORY_SCHEME);
    for (const { uri } of open) {
      const before = this.#loaded.get(memoryIdOf(uri))?.version;
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

function knownOf({ content, version }: Stored): Known {
  return { version, size: Buffer.byteLength(content) };
}

function fileError(uri: vscode.Uri, error: unknown): unknown {
  if (!MemoryError.is(error)) return error;
  if (error.code === 'not_found') return vscode.FileSystemError.FileNotFound(uri);
  const text = inertMessage(`${error.message} ${error.fix}`);
  return error.code === 'forbidden'
    ? vscode.FileSystemError.NoPermissions(text)
    : vscode.FileSystemError.Unavailable(text);
}
