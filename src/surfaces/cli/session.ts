import type { Engine } from '../../engine/engine.ts';
import { visible } from '../../engine/foreignText.ts';
import type { Caller } from '../../engine/model/caller.ts';
import { callToolsOn } from '../../tools/callTool.ts';
import type { Progress } from '../../tools/defineTool.ts';
import { findTool } from '../../tools/registry.ts';
import type { ToolResult } from '../../tools/toolResult.ts';
import type { CliHost, CliRuntime, GlobalOptions } from './cliHost.ts';
import { isPerson } from './isPerson.ts';
import { harmless, type Streams, type Style, styleFor } from './terminal.ts';

/** One run of a command: its settings, its engine (opened at the first use) and its way to answer. */
export class Session implements AsyncDisposable {
  readonly host: CliHost;
  readonly signal: AbortSignal;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly style: Style;
  /** What --namespace named, as tools take it. */
  readonly namespace: string | undefined;
  readonly #options: GlobalOptions;
  #runtime: CliRuntime | undefined;

  constructor(host: CliHost, options: GlobalOptions, signal: AbortSignal) {
    this.host = host;
    this.#options = options;
    this.signal = signal;
    this.json = options.json === true;
    this.quiet = options.quiet === true;
    this.namespace = options.namespace;
    this.style = styleFor(host.streams.stdout, host.streams.env);
  }

  get streams(): Streams {
    return this.host.streams;
  }

  get runtime(): CliRuntime {
    this.#runtime ??= this.host.openRuntime({
      'database.url': this.#options.database,
      agent: this.#options.agent,
      // A person reads what the command says; the log is for whoever asks for it.
      'log.level': this.streams.env['MEMORY_LOG_LEVEL'] ? undefined : 'silent',
    });
    return this.#runtime;
  }

  /** For reading: it makes no store where one was named that is not there. */
  async engine(): Promise<Engine> {
    return this.runtime.engine({ create: false });
  }

  /** Label of who stores: `--agent` or its setting; undefined: the client's name. */
  get agent(): string | undefined {
    return this.runtime.settings.agent || undefined;
  }

  caller(): Caller {
    const caller = this.runtime.caller('cli');
    return isPerson(this.agent, this.streams.env) ? { ...caller, person: true } : caller;
  }

  async call(tool: string, input: unknown, onProgress?: (report: Progress) => void): Promise<ToolResult> {
    const create = findTool(tool)?.effect !== 'reads';
    const callTool = callToolsOn(() => this.runtime.engine({ create }));
    const result = await callTool(tool, input, this.caller(), {
      signal: this.signal,
      ...(onProgress && { onProgress }),
    });
    return { ...result, text: visible(result.text) };
  }

  /** The answer: JSON for machines, else text for people. */
  print(structured: unknown, text: string): void {
    const { stdout, env } = this.streams;
    const shown = this.json ? JSON.stringify(structured) : harmless(text, stdout, env);
    if (shown !== '') stdout.write(shown.endsWith('\n') ? shown : `${shown}\n`);
  }

  /** A remark beside the answer, for people only. */
  note(text: string): void {
    const { stderr, env } = this.streams;
    if (!this.json && !this.quiet) stderr.write(`${harmless(text, stderr, env)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runtime?.[Symbol.asyncDispose]();
  }
}
